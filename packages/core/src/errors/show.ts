const plainKey = /^[A-Za-z_][\w-]*$/;

/** An id as messages show it. */
export function showId(id: unknown): string {
  if (typeof id === "string") return JSON.stringify(id);
  return typeof id === "object" && id !== null
    ? `${id.constructor?.name ?? "object"}(${String(id)})`
    : String(id);
}

/** A path as people read it, `lines[2].sku` or `["10.1"].notes`; the whole state is `(the whole state)`. */
export function showPath(path: readonly (string | number)[]): string {
  if (path.length === 0) return "(the whole state)";
  let shown = "";
  for (const step of path) {
    if (typeof step === "number") shown += `[${step}]`;
    else if (plainKey.test(step)) shown += shown === "" ? step : `.${step}`;
    else shown += `[${JSON.stringify(step)}]`;
  }
  return shown;
}
