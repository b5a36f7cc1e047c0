import type { Change } from "@everdraft/core";

type Path = Change["path"];

/** The later state, from the earlier one and the changes alone: another reading of the same words. */
export function oracleApply(before: unknown, changes: readonly Change[]): unknown {
  const of = (kind: Change["kind"]): Map<string, Change> =>
    new Map(
      changes.filter((change) => change.kind === kind).map((change) => [JSON.stringify(change.path), change]),
    );
  const [added, removed, changed] = [of("added"), of("removed"), of("changed")];
  const moves = changes.flatMap((change) => (change.kind === "moved" ? [change] : []));
  const key = (path: Path): string => JSON.stringify(path);
  const after = (change: Change | undefined): unknown =>
    change !== undefined && "after" in change ? change.after : undefined;
  /** The keys of values that were added right below a path. */
  const addedBelow = (path: Path): (string | number)[] =>
    [...added.values()].flatMap((change) =>
      change.path.length === path.length + 1 && path.every((step, i) => change.path[i] === step)
        ? [change.path.at(-1) ?? ""]
        : [],
    );
  const list = (value: readonly unknown[], from: Path, to: Path): unknown[] => {
    const fresh = new Set(addedBelow(to));
    const movedTo = new Map(
      moves.flatMap((move) =>
        move.from.length === from.length + 1 && key(move.from.slice(0, -1)) === key(from)
          ? [[Number(move.path.at(-1)), Number(move.from.at(-1))] as const]
          : [],
      ),
    );
    const left = [...value.keys()].filter(
      (i) => !removed.has(key([...from, i])) && ![...movedTo.values()].includes(i),
    );
    const length = left.length + fresh.size + movedTo.size;
    return Array.from({ length }, (_, j) => {
      if (fresh.has(j)) return after(added.get(key([...to, j])));
      const i = movedTo.get(j) ?? left.shift() ?? -1;
      return build(value[i], [...from, i], [...to, j]);
    });
  };
  const build = (value: unknown, from: Path, to: Path): unknown => {
    if (changed.has(key(to))) return after(changed.get(key(to)));
    if (Array.isArray(value)) return list(value, from, to);
    if (value === null || typeof value !== "object" || value instanceof Date || value instanceof Uint8Array)
      return value;
    const result: Record<string, unknown> = {};
    for (const [name, inner] of Object.entries(value))
      if (!removed.has(key([...from, name]))) result[name] = build(inner, [...from, name], [...to, name]);
    for (const name of addedBelow(to)) result[name] = after(added.get(key([...to, name])));
    return result;
  };
  if (added.has("[]")) return after(added.get("[]"));
  return removed.has("[]") ? undefined : build(before, [], []);
}
