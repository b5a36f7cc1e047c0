import { type Folded, nothing } from "@everdraft/core/internals";
import { describe, expect, test } from "vitest";
import { createStateCache, type StateCache } from "../src/context/state-cache.ts";
import { types } from "./built-events.ts";

/** A document with so many characters of text. */
function document(version: number, characters = 0): Folded {
  return { ...nothing, version, state: { text: "x".repeat(characters) } };
}

function put(cache: StateCache, id: string, folded: Folded): void {
  cache.put(id, { folded, view: undefined });
}

function kept(cache: StateCache, ids: readonly string[]): readonly string[] {
  return ids.filter((id) => cache.get(id) !== undefined);
}

const small = document(1);
/** The heap that a small document takes. */
const heapOfSmall = 1_300 + 4 * 9;

describe("the cache of states", () => {
  test("forgets the documents that were not used for longest, once its heap is full", () => {
    const cache = createStateCache(3 * heapOfSmall, types, {});
    for (const id of ["a", "b", "c"]) put(cache, id, small);
    cache.get("a");
    put(cache, "d", small);
    expect(kept(cache, ["a", "b", "c", "d"])).toEqual(["a", "c", "d"]);
  });

  test("counts a document that is put again once, as it is then", () => {
    const cache = createStateCache(3 * heapOfSmall, types, {});
    for (let version = 1; version <= 10; version++) put(cache, "a", document(version));
    for (const id of ["b", "c"]) put(cache, id, small);
    expect(kept(cache, ["a", "b", "c"])).toEqual(["a", "b", "c"]);
    put(cache, "a", document(11, 200));
    expect(kept(cache, ["a", "b", "c"])).toEqual(["a", "c"]);
  });

  test("keeps the others where a document is heavier than the whole cache, and no older version of that one", () => {
    const cache = createStateCache(3 * heapOfSmall, types, {});
    for (const id of ["a", "b"]) put(cache, id, small);
    put(cache, "b", document(2, 10_000));
    expect(kept(cache, ["a", "b"])).toEqual(["a"]);
  });

  test("has the room of a document that was deleted from it", () => {
    const cache = createStateCache(2 * heapOfSmall, types, {});
    for (const id of ["a", "b"]) put(cache, id, small);
    cache.delete("b");
    cache.delete("b");
    put(cache, "c", small);
    expect(kept(cache, ["a", "b", "c"])).toEqual(["a", "c"]);
  });

  test("keeps a higher version, and the view that is known of the same one", () => {
    const cache = createStateCache(heapOfSmall, types, {});
    const folded = document(2);
    cache.put("a", { folded, view: "none" });
    put(cache, "a", document(1));
    put(cache, "a", folded);
    expect(cache.get("a")).toEqual({ folded, view: "none" });
    put(cache, "a", document(3));
    expect(cache.get("a")?.view).toBeUndefined();
  });

  test("forgets all after an outage of its storage, and begins anew", () => {
    let outages = 0;
    const cache = createStateCache(2 * heapOfSmall, types, { outages: () => outages });
    for (const id of ["a", "b"]) put(cache, id, small);
    outages = 1;
    expect(kept(cache, ["a", "b"])).toEqual([]);
    for (const id of ["c", "d"]) put(cache, id, small);
    expect(kept(cache, ["c", "d"])).toEqual(["c", "d"]);
  });

  test("keeps nothing where it may take nothing", () => {
    const cache = createStateCache(0, types, {});
    put(cache, "a", small);
    cache.delete("a");
    expect(cache.get("a")).toBeUndefined();
  });
});
