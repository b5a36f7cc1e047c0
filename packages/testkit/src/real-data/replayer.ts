import type { Patch } from "@everdraft/core";

type Container = Record<string | number, unknown>;

/**
 * Applies patches as docs/format.md describes them, in ten lines that share nothing with the library's own
 * applier: each value is copied, and changed in place.
 */
export function replayer(): { apply(patches: readonly Patch[]): void; state(): unknown } {
  const root: Container = {};
  const apply = (patch: Patch): void => {
    const value = patch.op === "remove" ? undefined : structuredClone(patch.value);
    const path = ["state", ...patch.path];
    const last = path.pop() as string | number;
    const container = path.reduce<Container>((inside, step) => inside[step] as Container, root);
    if (Array.isArray(container) && patch.op !== "replace") {
      container.splice(last as number, patch.op === "remove" ? 1 : 0, ...(patch.op === "add" ? [value] : []));
    } else if (patch.op === "remove") delete container[last];
    else container[last] = value;
  };
  return { apply: (patches) => patches.forEach(apply), state: () => root.state };
}
