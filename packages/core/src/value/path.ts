/**
 * Where a value is inside a state: keys of objects as strings, indexes of arrays as numbers; `[]` is the
 * whole state.
 */
export type Path = readonly (string | number)[];

const plainKey = /^[A-Za-z_][\w-]*$/;

/** A path as people read it, `lines[2].sku` or `["10.1"].notes`; the whole state is `(the whole state)`. */
export function showPath(path: Path): string {
  if (path.length === 0) return "(the whole state)";
  let shown = "";
  for (const step of path) {
    if (typeof step === "number") shown += `[${step}]`;
    else if (plainKey.test(step)) shown += shown === "" ? step : `.${step}`;
    else shown += `[${JSON.stringify(step)}]`;
  }
  return shown;
}
