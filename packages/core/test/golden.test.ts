import { readdirSync, readFileSync } from "node:fs";
import { eventFormat, type StoredEvent, type StoredEventType, valueTypes } from "@everdraft/core/adapter";
import { digestOf, fold, nothing } from "@everdraft/core/internals";
import { describe, expect, test } from "vitest";
import { plainValue } from "./vector-values.ts";

interface Golden {
  readonly event: StoredEvent;
  readonly state: unknown;
  readonly digest: string;
}
const folder = new URL("./golden/", import.meta.url);
const types = valueTypes([]);
const allTypes: readonly StoredEventType[] = [
  ...(["created", "edited", "reverted", "undone", "deleted", "restored"] as const),
  ...(["adopted", "imported", "absorbed", "merged", "compacted", "erased", "blank"] as const),
];

// these files are never changed: events written by any released version fold the same for ever
describe.each(readdirSync(folder))("the golden events of %s", (name) => {
  const golden: readonly Golden[] = JSON.parse(readFileSync(new URL(name, folder), "utf8"));

  test("fold to the states that were kept with them", () => {
    let folded = nothing;
    for (const { event, state, digest } of golden) {
      folded = fold(folded, [plainValue(event) as StoredEvent], event.doc, types);
      expect(folded.state ?? null).toEqual(plainValue(state));
      expect(folded.state === undefined ? "" : digestOf(folded.state, types)).toBe(digest);
    }
    expect(folded.version).toBe(golden.length);
  });

  test("are at least one of each type of their format", () => {
    expect(new Set(golden.map(({ event }) => event.type))).toEqual(new Set(allTypes));
    for (const { event } of golden) expect(name).toBe(`format-${event.format}.json`);
  });
});

test("the format that is written has golden events", () => {
  expect(readdirSync(folder)).toContain(`format-${eventFormat}.json`);
});
