import { CorruptEventError, FormatTooNewError, type StoredEvent } from "@everdraft/core/adapter";
import { fold, nothing } from "@everdraft/core/internals";
import { describe, expect, test } from "vitest";
import { carryOn } from "../src/fold/fold.ts";
import { eventBytes } from "../src/model/record.ts";
import { built, threeEvents, types } from "./built-events.ts";

const [first, second, third] = threeEvents();
const weight = (...events: StoredEvent[]): number =>
  events.reduce((sum, event) => sum + eventBytes(event, types), 0);

function errorOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("folding", () => {
  test("gives the state with who, when and what the last event was, and what all weigh", () => {
    expect(fold(nothing, [first, second, third], "d", types)).toEqual({
      version: 3,
      state: { n: 3, list: [1, 2] },
      hash: third.hash,
      schema: 3,
      changed: 3,
      at: 3000,
      by: "user-3",
      eventId: "e-3",
      lastAt: 3000,
      since: weight(first, second, third),
    });
  });

  test("begins with a document that has no version, time, user or hash", () => {
    expect(nothing).toEqual({
      version: 0,
      hash: "",
      schema: 0,
      changed: 0,
      at: 0,
      by: "",
      eventId: "",
      state: undefined,
      lastAt: Number.NEGATIVE_INFINITY,
      since: 0,
    });
    expect(fold(nothing, [], "d", types)).toBe(nothing);
  });

  test("passes a blank by in what readers are told, and counts it for the next event", () => {
    const blank = built({ type: "blank", schema: 3, at: 9000 }, third);
    const before = fold(nothing, [first, second, third], "d", types);
    const folded = fold(before, [blank], "d", types);
    const { changed, at, by, eventId } = before;
    expect(folded).toMatchObject({ version: 4, lastAt: 9000, hash: blank.hash, changed, at, by, eventId });
    expect(folded.state).toEqual(before.state);
    expect(carryOn(before, blank, "d", types)).toEqual(folded);
  });

  test("goes on from where another fold ended, and changes nothing of that", () => {
    const start = fold(nothing, [first], "d", types);
    expect(fold(start, [second, third], "d", types)).toEqual(
      fold(nothing, [first, second, third], "d", types),
    );
    expect(start.state).toEqual({ n: 1, list: [1] });
    expect(Object.isFrozen(start.state?.list)).toBe(true);
  });

  test("of one event just made is the same without its checks", () => {
    const start = fold(nothing, [first, second], "d", types);
    const unchecked = { ...third, hash: second.hash };
    const expected = { ...fold(start, [third], "d", types), hash: unchecked.hash };
    const found = carryOn(start, unchecked, "d", types);
    expect(found).toEqual(expected);
    expect(Object.isFrozen(found.state)).toBe(true);
  });

  test("gives no state behind a deletion", () => {
    const gone = built({ type: "deleted", patches: [{ op: "remove", path: [] }] }, third);
    expect(fold(nothing, [first, second, third, gone], "d", types).state).toBeUndefined();
    expect(
      carryOn(fold(nothing, [first, second, third], "d", types), gone, "d", types).state,
    ).toBeUndefined();
  });
});

/** What is wrong with the second event, and how it is told. */
const faults: readonly (readonly [what: string, event: unknown, reason: string])[] = [
  ["a format that is no number", { ...second, format: "1" }, "its format is unknown"],
  ["a format between two", { ...second, format: 0.5 }, "its format is unknown"],
  ["a format below the first", { ...second, format: 0 }, "its format is unknown"],
  ["a version too high", built({ version: 3 }, first), "version 2 is missing before it"],
  ["a version too low", built({ version: 1 }, first), "version 2 is missing before it"],
  ["another document", built({ doc: "e" }, first), "it belongs to another document"],
  ["a number as document, spelt the same", { ...second, doc: 1 }, "it belongs to another document"],
  ["no list of patches", { ...second, patches: { length: 0 } }, "it has no patches"],
  ["a patch that is nothing", { ...second, patches: [null] }, "it has no patches"],
  ["a path that is none", { ...second, patches: [{ op: "remove", path: "n" }] }, "it has no patches"],
  [
    "one path of two that is none",
    { ...second, patches: [...second.patches, { op: "remove" }] },
    "it has no patches",
  ],
  ["an earlier time", built({ at: 999 }, first), "its time is before that of the event before it"],
  [
    "a time that is no number",
    { ...second, at: Number.NaN },
    "its time is before that of the event before it",
  ],
  ["another hash", { ...second, hash: third.hash }, "its hash does not match what it holds"],
  [
    "the link of another chain",
    built({ patches: second.patches }, { ...first, hash: third.hash }),
    "its hash does not match what it holds",
  ],
  [
    "what has no canonical bytes",
    { ...second, meta: { when: new Map() } },
    "its hash does not match what it holds",
  ],
  ["an unknown step", built({ patches: [{ op: "move", path: ["n"] } as never] }, first), ""],
  ["a step that cannot be taken", built({ patches: [{ op: "remove", path: ["gone"] }] }, first), ""],
  [
    "a state that is a list",
    built({ patches: [{ op: "replace", path: [], value: [] }] }, first),
    "it leaves something that is no state",
  ],
];

describe("an event with", () => {
  test.each(faults)("%s is corrupt, and named with its document and version", (_, event, reason) => {
    const error = errorOf(() => fold(nothing, [first, event as StoredEvent], "d", types));
    expect(error).toBeInstanceOf(CorruptEventError);
    const { message, details, cause } = error as CorruptEventError & { details: object; cause: unknown };
    expect(details).toMatchObject({ id: "d", version: 2 });
    expect(message).toMatch(/^Event e-2 of document "d", version 2, cannot be folded: .+ Run verify to see/);
    if (reason !== "") expect(details).toMatchObject({ reason });
    expect(cause instanceof Error).toBe(reason === "");
  });

  test("the same time as the one before it is in order", () => {
    const next = built({ at: first.at }, first);
    expect(fold(nothing, [first, next], "d", types).at).toBe(first.at);
  });

  test("a newer format asks for a newer library, before anything else of it is looked at", () => {
    const newer = { ...second, format: 2, version: 9 };
    const error = errorOf(() => fold(nothing, [first, newer], "d", types));
    expect(error).toBeInstanceOf(FormatTooNewError);
    expect(error).toMatchObject({
      message: `Event e-2 of document "d", version 9, has format 2, and this library reads up to 1. Update the library.`,
      details: { id: "d", what: "event", found: 2, known: 1 },
    });
  });
});
