import { showPath } from "../errors/show.ts";
import type { Patch } from "../model/patch.ts";
import type { Path } from "../value/path.ts";
import { hasOwn, isContainer, isCount } from "../value/value.ts";

type Container = Record<string | number, unknown>;

/**
 * The state after the patches, or undefined where they take the document away. Strict: every step must go
 * through own keys and indexes that exist, `add` makes a key that was missing, `replace` and `remove` need
 * one. Neither the state nor the patches are changed: a container is copied the first time that it is written
 * to, and remembered in `owned`, so that one replay copies it once. Throws TypeError on a patch that does not
 * fit.
 */
export function applyPatches(
  state: unknown,
  patches: readonly Patch[],
  owned: Set<object> = new Set(),
): unknown {
  let root = state;
  for (const patch of patches) {
    if (patch.path.length === 0) root = applyToRoot(root, patch);
    else {
      const ours = own(root, patch, owned);
      applyInside(ours, patch, owned);
      root = ours;
    }
  }
  return root;
}

function misfit(patch: Patch, why: string): TypeError {
  return new TypeError(`the patch "${patch.op}" at ${showPath(patch.path)} does not fit: ${why}`);
}

function applyToRoot(root: unknown, patch: Patch): unknown {
  if (patch.op === "replace") return patch.value;
  if (patch.op !== "remove") throw misfit(patch, "the whole state can be replaced or removed only");
  if (root === undefined) throw misfit(patch, "there is no state to remove");
  return undefined;
}

/** The container itself where this replay made it, else a copy of it that this replay may write to. */
function own(value: unknown, patch: Patch, owned: Set<object>): Container {
  if (!isContainer(value)) throw misfit(patch, "the path leads through something that holds no values");
  const ours = owned.has(value) ? value : Array.isArray(value) ? value.slice() : { ...value };
  owned.add(ours);
  // an array is written to by its indexes alone, as is checked for each step
  return ours as Container;
}

function applyInside(root: Container, patch: Patch, owned: Set<object>): void {
  const last = patch.path.at(-1);
  if (last === undefined) return;
  let container = root;
  for (const step of patch.path.slice(0, -1)) {
    checkStep(container, step, patch);
    const inner = container[step];
    const ours = own(inner, patch, owned);
    if (ours !== inner) container[step] = ours;
    container = ours;
  }
  if (Array.isArray(container)) applyToArray(container, last, patch);
  else applyToObject(container, last, patch);
}

function checkStep(container: Container, step: string | number, patch: Patch): void {
  const fits = Array.isArray(container)
    ? isIndex(step, container.length)
    : typeof step === "string" && hasOwn(container, step);
  if (!fits) throw misfit(patch, "the path leads through a key or index that does not exist");
}

function isIndex(step: string | number, length: number): step is number {
  return isCount(step) && step < length;
}

function applyToArray(array: unknown[], index: string | number, patch: Patch): void {
  if (!isIndex(index, array.length + (patch.op === "add" ? 1 : 0)))
    throw misfit(patch, "the index is out of range");
  if (patch.op === "add") {
    if (index === array.length) array.push(patch.value);
    else array.splice(index, 0, patch.value);
  } else if (patch.op === "replace") array[index] = patch.value;
  else if (patch.op !== "remove") throw misfit(patch, "the operation is unknown");
  else if (index === array.length - 1) array.pop();
  else array.splice(index, 1);
}

function applyToObject(object: Container, key: string | number, patch: Patch): void {
  if (typeof key !== "string" || key === "__proto__") throw misfit(patch, "the key of an object is a text");
  const exists = hasOwn(object, key);
  if (patch.op === "add" ? exists : !exists)
    throw misfit(patch, exists ? "the key exists already" : "the key does not exist");
  if (patch.op === "remove") delete object[key];
  else if (patch.op === "add" || patch.op === "replace") object[key] = patch.value;
  else throw misfit(patch, "the operation is unknown");
}

/** A path of a patch as it must be: an array of texts and whole numbers from 0. */
export function isPath(path: unknown): path is Path {
  return Array.isArray(path) && path.every((step) => typeof step === "string" || isCount(step));
}
