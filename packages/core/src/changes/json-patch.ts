import { ValueError } from "../errors/value-error.ts";
import type { Patch } from "../model/patch.ts";
import type { Path } from "../value/path.ts";
import { isPlain } from "../value/value.ts";

/** An operation of a JSON Patch (RFC 6902), of the three that Everdraft's patches need. */
export type JsonPatchOperation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

/**
 * Patches as a JSON Patch (RFC 6902), for programs that read that. The values are those of the patches, not copies.
 * Throws ValueError for a value that JSON does not have: a date, bytes, a storage's own kind of value, a number that is
 * not finite.
 *
 * @example
 * const [event] = await orders.history("o-1", { order: "newest", limit: 1 }).toArray();
 * console.log(JSON.stringify(toJsonPatch(event?.patches ?? [])));
 */
export function toJsonPatch(patches: readonly Patch[]): JsonPatchOperation[] {
  return patches.map((patch) => {
    const path = pointerOf(patch.path);
    if (patch.op === "remove") return { op: "remove", path };
    refuseOthers(patch.value, patch.path);
    return { op: patch.op, path, value: patch.value };
  });
}

/** A path as a JSON Pointer (RFC 6901). */
function pointerOf(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function refuseOthers(value: unknown, path: Path): void {
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  if (typeof value === "number" && Number.isFinite(value)) return;
  if (Array.isArray(value)) for (const [i, item] of value.entries()) refuseOthers(item, [...path, i]);
  else if (isPlain(value)) for (const key of Object.keys(value)) refuseOthers(value[key], [...path, key]);
  else {
    const remedy = "Write such values as texts of your own first, or use the patches themselves.";
    throw new ValueError({ path, reason: "JSON has no value of its kind", remedy });
  }
}
