// The slot rule, outcome by outcome: what a commit answers, what then is in the slots, and what follows.
import type { EventLog, Outcome, StoredCollection, StoredEvent } from "@everdraft/core/adapter";
import { memoryStorage } from "@everdraft/core/memory";
import { describe, expect, test, vi } from "vitest";
import type { Notice } from "../src/context/notice.ts";
import { StorageReplacedError } from "../src/errors/storage-replaced-error.ts";
import { deadlineOfCall } from "../src/port/deadline.ts";
import { append, type Sending } from "../src/write/append.ts";

const mine = (version: number, changes: Partial<StoredEvent> = {}): StoredEvent => ({
  id: `mine-${version}`,
  doc: "d",
  version,
  at: 1,
  by: "a",
  type: "edited",
  patches: [],
  schema: 1,
  salt: "salt",
  hash: `hash of mine-${version}`,
  format: 1,
  ...changes,
});
const theirs = (version: number): StoredEvent =>
  mine(version, { id: `theirs-${version}`, hash: `hash of theirs-${version}` });

/** What a script says: the answers of commits one after another, and what reads then find. */
interface Script {
  readonly commits: readonly (readonly Outcome[])[];
  /** What reading the slots finds after the nth commit, or the error that it ends with. */
  readonly slots?: readonly (readonly StoredEvent[] | Error)[];
  /** What looking for the id finds after the nth commit. */
  readonly byId?: readonly (StoredEvent | undefined)[];
  readonly events?: readonly StoredEvent[];
  readonly keyed?: boolean;
  /** After how many commits nobody waits any more. */
  readonly givenAfter?: number;
  /** The first events, for which nobody has waited from the start. */
  readonly givenUp?: number;
}

const stored: Outcome = { event: "stored" };
const unknown: Outcome = { event: "unknown", cause: "the line is cut" };
const taken: Outcome = { event: "taken" };

async function run(script: Script) {
  const events = script.events ?? [mine(2)];
  const sent: (readonly string[])[] = [];
  const told: unknown[][] = events.map(() => []);
  const reads: unknown[] = [];
  const lookups: unknown[] = [];
  const notices: Notice[] = [];
  const pauses: number[] = [];
  const doubts: unknown[][] = events.map(() => []);
  const collection = await memoryStorage().open("logs", { timeoutMs: 1000 });
  const log: EventLog = {
    ...collection.log,
    read: async (doc, range) => {
      reads.push({ doc, ...range });
      const found = script.slots?.[sent.length - 1] ?? [];
      if (found instanceof Error) throw found;
      return found;
    },
    byId: async (doc, id) => {
      lookups.push([doc, id]);
      return script.byId?.[sent.length - 1];
    },
  };
  const opened: StoredCollection = { ...collection, log };
  const sendings = events.map(
    (event, i): Sending => ({
      event,
      keyed: script.keyed ?? false,
      given: () =>
        i < (script.givenUp ?? 0) || sent.length >= (script.givenAfter ?? Number.POSITIVE_INFINITY),
      sent: (version) => told[i]?.push(version),
      doubted: (cause) => doubts[i]?.push(cause),
      inContext: (work) => work(),
    }),
  );
  const batcher = {
    commit: async (appends: readonly { readonly event: StoredEvent }[]) => {
      sent.push(appends.map(({ event }) => event.id));
      const answer = script.commits[sent.length - 1];
      if (answer === undefined) throw new Error("more was sent than the script says");
      return answer;
    },
  };
  const resources = {
    opened: async () => opened,
    notice: (notice: Notice) => void notices.push(notice),
    wait: async (ms: number) => void pauses.push(ms),
  };
  const appended = await append(resources, batcher, sendings, deadlineOfCall({ timeoutMs: 60_000 }));
  return { appended, sent, told, reads, lookups, notices, pauses, doubts };
}

describe("an event alone", () => {
  test("that is stored is stored: nothing is read, and its view is as the storage says", async () => {
    const { appended, sent, told, reads } = await run({ commits: [[{ event: "stored", view: "behind" }]] });
    expect(appended).toEqual({ stored: 1, view: "behind" });
    expect({ sent, told, reads }).toEqual({ sent: [["mine-2"]], told: [[2]], reads: [] });
  });

  test("that is refused is refused for that reason, and its call is told that it is surely not stored", async () => {
    const error = new Error("too large");
    const { appended, told, reads } = await run({ commits: [[{ event: "refused", error }]] });
    expect(appended).toEqual({ stored: 0, view: undefined, failure: { kind: "refused", error } });
    expect({ told, reads }).toEqual({ told: [[2, undefined]], reads: [] });
  });

  test.each([
    ["unknown", unknown],
    ["taken", taken],
  ] as const)(
    "that is %s and in its slot is stored, with a view of which nothing is known",
    async (_, outcome) => {
      const { appended, sent, reads, lookups } = await run({ commits: [[outcome]], slots: [[mine(2)]] });
      expect(appended).toEqual({ stored: 1, view: undefined });
      expect(sent).toHaveLength(1);
      expect(reads).toEqual([{ doc: "d", from: 2, to: 2, limit: 1 }]);
      expect(lookups).toEqual([]);
    },
  );

  test.each([
    ["unknown", unknown],
    ["taken", taken],
  ] as const)("that is %s while another's is in its slot is a conflict with that one", async (_, outcome) => {
    const { appended, told, lookups, notices } = await run({ commits: [[outcome]], slots: [[theirs(2)]] });
    const failure = { kind: "conflict", occupant: theirs(2) };
    expect(appended).toEqual({ stored: 0, view: undefined, failure });
    expect({ told, lookups, notices }).toEqual({ told: [[2, undefined]], lookups: [], notices: [] });
  });

  test.each([
    ["unknown", unknown, "the line is cut"],
    ["taken", taken, undefined],
  ] as const)(
    "that is %s while its slot is empty is sent again as it is, and that is told",
    async (_, outcome, cause) => {
      const { appended, sent, told, notices } = await run({ commits: [[outcome], [stored]] });
      expect(appended).toEqual({ stored: 1, view: undefined });
      expect(sent).toEqual([["mine-2"], ["mine-2"]]);
      expect(told).toEqual([[2, 2]]);
      expect(notices).toEqual([{ type: "resend", id: "d", version: 2, attempt: 1, cause }]);
    },
  );

  test("that stays in doubt is sent again and again, and each try is counted", async () => {
    const { notices } = await run({ commits: [[unknown], [taken], [unknown], [stored]] });
    expect(notices.map((notice) => "attempt" in notice && notice.attempt)).toEqual([1, 2, 3]);
  });

  test("that is refused after a try in doubt may still land: only its slot decides", async () => {
    const refused: Outcome = { event: "refused", error: new Error("closed") };
    const landed = await run({ commits: [[unknown], [refused]], slots: [[], [mine(2)]] });
    expect(landed.appended).toEqual({ stored: 1, view: undefined });
    const given = await run({ commits: [[unknown], [refused]], givenAfter: 2 });
    expect(given.appended).toEqual({ stored: 0, view: undefined, failure: { kind: "open" } });
  });

  test("whose slot cannot be read is in doubt still, and is sent again", async () => {
    const { appended, sent } = await run({ commits: [[taken], [stored]], slots: [new Error("no answer")] });
    expect(appended.stored).toBe(1);
    expect(sent).toHaveLength(2);
  });

  test("in whose place the storage was taken away stays open, and is not sent again", async () => {
    const replaced = new StorageReplacedError({
      operation: "read events",
      inDoubt: true,
      reason: "the file is gone",
      remedy: "Open it.",
    });
    const { appended, sent } = await run({ commits: [[unknown]], slots: [replaced] });
    expect(appended).toEqual({ stored: 0, view: undefined, failure: { kind: "open" } });
    expect(sent).toHaveLength(1);
  });

  test("that is in doubt tells its call the cause; a taken slot is no doubt", async () => {
    const { doubts, notices } = await run({ commits: [[unknown], [taken], [stored]] });
    expect(doubts).toEqual([["the line is cut"]]);
    expect(notices).toMatchObject([{ cause: "the line is cut" }, { cause: undefined }]);
  });

  test("is sent again after a pause at random, twice as long at most each time, up to a second", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    const { pauses } = await run({ commits: [...Array.from({ length: 10 }, () => [unknown]), [stored]] });
    vi.restoreAllMocks();
    expect(pauses).toEqual([10, 20, 40, 80, 160, 320, 640, 1_000, 1_000, 1_000]);
  });

  test("for which nobody waits any more stays open, and is not sent", async () => {
    const { appended, sent, told } = await run({ commits: [], givenAfter: 0 });
    expect(appended).toEqual({ stored: 0, view: undefined, failure: { kind: "open" } });
    expect({ sent, told }).toEqual({ sent: [], told: [[]] });
  });

  test("whose id is in its slot under another hash is another process's doing of the same act", async () => {
    const occupant = mine(2, { hash: "another head" });
    const { appended, told } = await run({ commits: [[taken]], slots: [[occupant]] });
    expect(appended).toEqual({ stored: 0, view: undefined, failure: { kind: "elsewhere", occupant } });
    // where it is stored is told, so that the call does not say that it is not
    expect(told).toEqual([[2, 2]]);
  });
});

describe("an id that may be stored in another slot", () => {
  const elsewhere = mine(7, { id: "mine-2", hash: "another head" });
  const byId: Outcome = { event: "taken", by: "id" };

  test.each([
    ["is looked for where the id is said to be taken", byId, false],
    ["is looked for where it comes from a key", unknown, true],
  ])("%s, also when the slot is another's", async (_, outcome, keyed) => {
    for (const slots of [[[]], [[theirs(2)]]]) {
      const { appended, told, lookups } = await run({
        commits: [[outcome]],
        slots,
        keyed,
        byId: [elsewhere],
      });
      const failure = { kind: "elsewhere", occupant: elsewhere };
      expect(appended).toEqual({ stored: 0, view: undefined, failure });
      expect(told).toEqual([[2, 7]]);
      expect(lookups).toEqual([["d", "mine-2"]]);
    }
  });

  test.each([
    ["slot", { event: "taken", by: "slot" }],
    ["nothing", taken],
  ] as const)("is not looked for where %s is named and there is no key", async (_, outcome) => {
    const { appended, lookups } = await run({
      commits: [[outcome]],
      slots: [[theirs(2)]],
      byId: [elsewhere],
    });
    expect(appended.failure).toEqual({ kind: "conflict", occupant: theirs(2) });
    expect(lookups).toEqual([]);
  });

  test("that arrived in its own slot since that was read is looked at again", async () => {
    const { appended, sent } = await run({
      commits: [[unknown], [taken]],
      slots: [[], [mine(2)]],
      keyed: true,
      byId: [mine(2)],
    });
    expect(appended).toEqual({ stored: 1, view: undefined });
    expect(sent).toHaveLength(2);
  });

  test("that is nowhere leaves the slot to decide", async () => {
    const conflict = await run({ commits: [[byId]], slots: [[theirs(2)]] });
    expect(conflict.appended.failure).toEqual({ kind: "conflict", occupant: theirs(2) });
    const again = await run({ commits: [[byId], [stored]] });
    expect(again.appended).toEqual({ stored: 1, view: undefined });
  });
});

describe("a chain", () => {
  const events = [mine(2), mine(3), mine(4)];
  const unsent: Outcome = { event: "unsent" };
  const view: Outcome = { event: "stored", view: "current" };

  test("that is stored to its end has the view of its last event", async () => {
    const { appended, told } = await run({ events, commits: [[stored, stored, view]] });
    expect(appended).toEqual({ stored: 3, view: "current" });
    expect(told).toEqual([[2], [3], [4]]);
  });

  test("goes on behind what is stored of it, and sends only the rest again", async () => {
    const { appended, sent, reads } = await run({
      events,
      commits: [
        [stored, unknown, unsent],
        [stored, view],
      ],
    });
    expect(appended).toEqual({ stored: 3, view: "current" });
    expect(sent).toEqual([
      ["mine-2", "mine-3", "mine-4"],
      ["mine-3", "mine-4"],
    ]);
    expect(reads).toEqual([{ doc: "d", from: 3, to: 4, limit: 2 }]);
  });

  test("of which more is in its slots than was said counts what is there, from the front only", async () => {
    const found = await run({
      events,
      commits: [[unknown, unknown, unknown], [view]],
      slots: [[mine(2), mine(3)]],
    });
    expect(found.appended).toEqual({ stored: 3, view: "current" });
    expect(found.sent[1]).toEqual(["mine-4"]);
    const whole = await run({ events, commits: [[unknown, unknown, unknown]], slots: [events] });
    expect(whole.appended).toEqual({ stored: 3, view: undefined });
  });

  test("that is broken by another's event keeps its front, and tells the rest that they are not stored", async () => {
    const { appended, told } = await run({
      events,
      commits: [[view, taken, unsent]],
      slots: [[theirs(3)]],
    });
    expect(appended).toEqual({
      stored: 1,
      view: "current",
      failure: { kind: "conflict", occupant: theirs(3) },
    });
    expect(told).toEqual([[2], [3, undefined], [4, undefined]]);
  });

  test("knows nothing of the view of what it found in its slots", async () => {
    const { appended } = await run({
      events,
      commits: [[view, unknown, unsent]],
      slots: [[mine(3), theirs(4)]],
    });
    expect(appended).toEqual({
      stored: 2,
      view: undefined,
      failure: { kind: "conflict", occupant: theirs(4) },
    });
  });

  test("of which an event is refused keeps its front", async () => {
    const error = new Error("too large");
    const { appended, told } = await run({
      events,
      commits: [[stored, { event: "refused", error }, unsent]],
    });
    expect(appended).toEqual({ stored: 1, view: undefined, failure: { kind: "refused", error } });
    expect(told).toEqual([[2], [3, undefined], [4, undefined]]);
  });

  test("whose event is stored elsewhere tells only that one where", async () => {
    const elsewhere = mine(9, { id: "mine-2", hash: "another head" });
    const { told } = await run({
      events,
      commits: [[{ event: "taken", by: "id" }, unsent, unsent]],
      byId: [elsewhere],
    });
    expect(told).toEqual([
      [2, 9],
      [3, undefined],
      [4, undefined],
    ]);
  });

  test("is sent whole though nobody waits for its first event any more", async () => {
    const { sent } = await run({ events, commits: [[stored, stored, view]], givenUp: 1 });
    expect(sent).toEqual([["mine-2", "mine-3", "mine-4"]]);
  });

  test("goes on as long as anybody waits for any of it", async () => {
    const { appended, sent } = await run({ events, commits: [[stored, unknown, unsent]], givenAfter: 1 });
    expect(appended).toEqual({ stored: 1, view: undefined, failure: { kind: "open" } });
    expect(sent).toHaveLength(1);
  });
});
