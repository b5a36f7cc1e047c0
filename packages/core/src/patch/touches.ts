import type { Patch } from "../model/patch.ts";
import type { Path } from "../value/path.ts";

/**
 * Whether a patch reaches a place: it writes there, inside it, or to something that holds it. An insertion or a removal in
 * a list reaches every place behind it, since another element stands there afterwards. A step is the same as a text and as
 * a number, as paths come from addresses and command lines; `*` is each element of a list.
 */
export function touches({ op, path }: Patch, place: Path): boolean {
  for (const [i, written] of path.entries()) {
    const step = place[i];
    if (step === undefined) break;
    if (String(written) === String(step) || (step === "*" && typeof written === "number")) continue;
    return i === path.length - 1 && op !== "replace" && isBehind(written, step);
  }
  return true;
}

/** Whether a step is an index behind another one. The keys of objects are texts in patches, and have no order. */
function isBehind(written: string | number, step: string | number): boolean {
  if (typeof written === "string") return false;
  const index = Number(step);
  return String(index) === String(step) && index > written;
}
