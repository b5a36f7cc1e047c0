// Law 2, and the part of law 13 that needs no store: no event can be changed, left out or moved without being
// noticed.
import { decode, encode, type StoredEvent } from "@everdraft/core/adapter";
import { fold, nothing } from "@everdraft/core/internals";
import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { anyChain, chainOf, difference, eventOf, foldOf, plainTypes } from "../src/index.ts";
import { originalOf } from "./immer-oracle.ts";
import { prove } from "./prove.ts";

// RUNS may ask for many more cases than the default
vi.setConfig({ testTimeout: 600_000 });

test("folding two parts one after the other is folding the whole, wherever it is cut", () => {
  const law = fc.property(anyChain("a", 10, originalOf), ({ events }) => {
    const whole = fold(nothing, events, "a", plainTypes);
    for (let cut = 0; cut <= events.length; cut++) {
      const before = fold(nothing, events.slice(0, cut), "a", plainTypes);
      const after = fold(before, events.slice(cut), "a", plainTypes);
      expect(difference(after, whole, plainTypes)).toBeUndefined();
    }
  });
  prove(law, 100);
});

test("folding what a storage gives back is folding what was sent", () => {
  const law = fc.property(anyChain("a", 10, originalOf), ({ events, views }) => {
    const stored = events.map((event) => decode(encode(event, plainTypes), plainTypes) as StoredEvent);
    const folded = foldOf(stored);
    expect(difference(folded, foldOf(events), plainTypes)).toBeUndefined();
    expect(difference(folded.state, views.at(-1)?.state, plainTypes)).toBeUndefined();
  });
  prove(law, 100);
});

test("folding changes neither the start nor the events, and gives the same each time", () => {
  const law = fc.property(anyChain("a", 10, originalOf), ({ events }) => {
    const bytes = encode(events, plainTypes);
    const first = foldOf(events);
    expect(difference(foldOf(events), first, plainTypes)).toBeUndefined();
    expect(encode(events, plainTypes)).toEqual(bytes);
  });
  prove(law, 100);
});

/** One other value for every field of an event. */
const damages: Readonly<Record<string, (event: StoredEvent) => Partial<StoredEvent>>> = {
  id: ({ id }) => ({ id: `${id}0` }),
  doc: () => ({ doc: "another" }),
  version: ({ version }) => ({ version: version + 1 }),
  "version, backwards": ({ version }) => ({ version: version - 1 }),
  at: ({ at }) => ({ at: at + 1 }),
  "at, backwards": ({ at }) => ({ at: at - 3_600_000 }),
  by: () => ({ by: "somebody else" }),
  type: ({ type }) => ({ type: type === "undone" ? "reverted" : "undone" }),
  act: () => ({ act: "an act" }),
  ref: () => ({ ref: { version: 1 } }),
  "patches, one more": ({ patches }) => ({
    patches: [...patches, { op: "replace", path: [], value: { evil: true } }],
  }),
  "patches, none": () => ({ patches: [{ op: "replace", path: [], value: { n: "0" } }] }),
  schema: ({ schema }) => ({ schema: schema + 1 }),
  migrated: () => ({ migrated: 1 }),
  reason: () => ({ reason: "another reason" }),
  meta: () => ({ meta: { ip: "::2" } }),
  salt: ({ salt }) => ({ salt: salt.slice(1) }),
  hash: ({ hash }) => ({ hash: hash.toLowerCase() === hash ? hash.toUpperCase() : hash.toLowerCase() }),
  format: ({ format }) => ({ format: format + 1 }),
  "format, unknown": () => ({ format: 0 }),
};

describe("a history in which one event was changed in its", () => {
  test.each(Object.keys(damages))("%s is refused", (field) => {
    const law = fc.property(anyChain("a", 6), fc.nat(), ({ events }, which) => {
      const index = which % events.length;
      const damaged = events.map((event, i) =>
        i === index ? { ...event, ...damages[field]?.(event) } : event,
      );
      expect(() => foldOf(damaged)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^(corrupt_event|format_too_new)$/) }),
      );
    });
    prove(law, 25);
  });

  test("optional fields, which were taken away, is refused", () => {
    const { events } = chainOf("a", 3, () => ({
      act: "x",
      ref: { version: 1 },
      reason: "r",
      meta: { m: 1 },
      migrated: 1,
    }));
    for (const field of ["act", "ref", "reason", "meta", "migrated"] as const) {
      const damaged = events.map((event) => {
        const { [field]: _, ...rest } = event;
        return event.version === 2 ? rest : event;
      });
      expect(() => foldOf(damaged)).toThrow(expect.objectContaining({ code: "corrupt_event" }));
    }
  });
});

describe("a history is refused from which an event was", () => {
  const corrupt = expect.objectContaining({ code: "corrupt_event" });
  const { events } = chainOf("a", 5);

  test("left out before the head", () => {
    for (let gone = 0; gone < 4; gone++)
      expect(() => fold(nothing, events.toSpliced(gone, 1), "a", plainTypes)).toThrow(corrupt);
  });

  test("doubled", () => {
    for (const [i, event] of events.entries())
      expect(() => foldOf(events.toSpliced(i, 0, event))).toThrow(corrupt);
  });

  test("moved", () => {
    for (let i = 0; i < 4; i++) {
      const [a, b] = [events[i], events[i + 1]];
      expect(() => foldOf(events.toSpliced(i, 2, ...[b, a].filter((one) => one !== undefined)))).toThrow(
        corrupt,
      );
    }
  });

  test("replaced by one of another history, or by one hashed without its past", () => {
    const other = chainOf("a", 5).events[2];
    const loose = eventOf({ doc: "a", version: 3 });
    for (const stranger of [other, loose]) {
      expect(() =>
        foldOf(events.map((event) => (event.version === 3 && stranger ? stranger : event))),
      ).toThrow(corrupt);
    }
  });
});

describe("a history is refused though its hashes are right when an event", () => {
  const first = eventOf({ doc: "a" });
  const next = { doc: "a", version: 2, previous: first.hash } as const;
  const forged: Readonly<Record<string, StoredEvent>> = {
    "is earlier than the one before it": eventOf({ ...next, at: first.at - 1 }),
    "has no time": eventOf({ ...next, at: Number.NaN }),
    "belongs to another document": eventOf({ ...next, doc: "b" }),
    "leaves a version out": eventOf({ ...next, version: 3 }),
    "comes twice": eventOf({ ...next, version: 1 }),
    "has patches that do not fit": eventOf({ ...next, patches: [{ op: "remove", path: ["missing"] }] }),
    "leaves something that is no state": eventOf({
      ...next,
      patches: [{ op: "replace", path: [], value: [1] }],
    }),
  };

  test.each(Object.entries(forged))("%s", (_, event) => {
    expect(() => foldOf([first, event])).toThrow(expect.objectContaining({ code: "corrupt_event" }));
  });

  test("but two events of one millisecond are taken", () => {
    expect(foldOf([first, eventOf({ ...next, at: first.at })]).version).toBe(2);
  });
});

test("a damaged event is named with its document and version", () => {
  const { events } = chainOf("a", 3);
  const damaged = events.map((event) => (event.version === 2 ? { ...event, by: "x" } : event));
  expect(() => foldOf(damaged)).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ id: "a", version: 2 }) }),
  );
});
