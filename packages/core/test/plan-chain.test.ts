// The calls of a document that are decided together: each on the result of the one before it.
import { describe, expect, test } from "vitest";
import type { Act, Decision } from "../src/acts/act.ts";
import type { Notice } from "../src/context/notice.ts";
import { type Folded, nothing } from "../src/fold/folded.ts";
import { memoryStorage } from "../src/memory/memory-storage.ts";
import { deadlineOfCall } from "../src/port/deadline.ts";
import { makeResources } from "../src/store/make-resources.ts";
import type { BuiltEvent } from "../src/write/build-event.ts";
import { planChain } from "../src/write/plan-chain.ts";
import { type WaitingCall, type WriteRequest, waitingCall } from "../src/write/waiting-call.ts";

const notices: Notice[] = [];
const storage = memoryStorage();
const resources = makeResources(
  { collection: "c", storage, clock: () => 5_000, onNotice: (notice) => void notices.push(notice) },
  async () => undefined,
  (call) => storage.open("c", call),
);

/** The document as it is found: version 3, the last two events blanks, with the number of its changes. */
const base: Folded = {
  ...nothing,
  version: 3,
  changed: 1,
  hash: Buffer.alloc(32, 1).toString("base64url"),
  schema: 1,
  by: "carol",
  eventId: "e-1",
  state: { n: 1 },
  lastAt: 4_000,
};

const setting = (n: number, more: Partial<Act> = {}): Act => ({
  kind: "edit",
  readsLog: false,
  decide: () => ({ type: "edited", patches: [{ op: "replace", path: ["n"], value: n }], schema: 1 }),
  ...more,
});
const unchanged = (): undefined => undefined;

function call(act: Act, changes: Partial<WriteRequest> = {}): WaitingCall {
  const { caller, outcome } = waitingCall({
    doc: "d",
    act,
    signature: { eventId: "mine", user: "alice", reason: undefined, meta: undefined },
    keyed: false,
    expectedVersion: undefined,
    retries: undefined,
    acceptFutureHead: false,
    deadline: deadlineOfCall({ timeoutMs: 1_000 }),
    ...changes,
  });
  outcome.catch(() => undefined);
  return caller;
}

const plan = (calls: readonly WaitingCall[], from: Folded = base) => planChain(resources, "d", from, calls);
const builtOf = (planned: object | undefined): BuiltEvent => (planned as { built: BuiltEvent }).built;

describe("a chain", () => {
  test("holds an event for each call, in the slots behind the base, each on the state of the one before", async () => {
    const seen: unknown[] = [];
    const counting = (n: number): Act =>
      setting(n, {
        decide: ({ state }) => {
          seen.push(state);
          return { type: "edited", patches: [{ op: "replace", path: ["n"], value: n }], schema: 1 };
        },
      });
    const planned = await plan([call(counting(2)), call(counting(3))]);
    expect(planned.map(({ kind }) => kind)).toEqual(["event", "event"]);
    expect(seen).toEqual([{ n: 1 }, { n: 2 }]);
    const [first, second] = planned.map(builtOf);
    expect(first?.event).toMatchObject({ id: "mine", doc: "d", version: 4, at: 5_000, by: "alice" });
    expect(second?.folded).toMatchObject({ version: 5, changed: 5, state: { n: 3 } });
  });

  test("has no place for a call that reads the log behind another event, only at its beginning or on an unchanged base", async () => {
    const reading = setting(9, { readsLog: true });
    expect(await plan([call(reading), call(setting(2)), call(reading)])).toHaveLength(2);
    expect(await plan([call(setting(2)), call(reading), call(setting(3))])).toHaveLength(1);
    const idle = call(setting(2, { decide: unchanged }));
    expect((await plan([idle, call(reading)])).map(({ kind }) => kind)).toEqual(["unchanged", "event"]);
  });

  test("ends with the event by which it weighs more than 4 MiB", async () => {
    const heavy = (bytes: number): WaitingCall => {
      const decision: Decision = {
        type: "edited",
        patches: [{ op: "replace", path: ["text"], value: "x".repeat(bytes) }],
        schema: 1,
      };
      return call(setting(0, { decide: () => decision }));
    };
    const withText = { ...base, state: { n: 1, text: "" } };
    const two = 2 * 1_024 * 1_024;
    expect(await plan([heavy(two), heavy(two), heavy(1), heavy(1)], withText)).toHaveLength(2);
    expect(await plan([heavy(two), heavy(two - 1_000), heavy(1), heavy(1)], withText)).toHaveLength(4);
  });
});

describe("a call", () => {
  test("that changes nothing stores nothing, and with a key a blank", async () => {
    const [plain, keyed] = await plan([
      call(setting(1, { decide: unchanged })),
      call(setting(1, { decide: unchanged }), { keyed: true }),
    ]);
    expect(plain).toMatchObject({ kind: "unchanged", folded: base });
    expect(builtOf(keyed).event).toMatchObject({ type: "blank", version: 4, patches: [], schema: 1 });
    expect(builtOf(keyed).folded).toMatchObject({ version: 4, changed: 1, state: { n: 1 } });
  });

  test.each([
    [0, false],
    [1, true],
    [2, true],
    [3, true],
    [4, false],
  ])(
    "that expects version %i of a document whose version 1 has two blanks behind it: %s",
    async (expected, holds) => {
      const [planned] = await plan([call(setting(2), { expectedVersion: expected })]);
      if (holds) expect(planned?.kind).toBe("event");
      else
        expect(planned).toMatchObject({
          kind: "refused",
          error: {
            code: "conflict",
            details: { id: "d", expected, found: 1, by: "alice", foundBy: "carol" },
          },
        });
    },
  );

  test("that throws is refused with its own error, and those behind it are decided without it", async () => {
    const error = new Error("no such article");
    const failing = setting(0, {
      decide: () => {
        throw error;
      },
    });
    const planned = await plan([call(failing), call(setting(2))]);
    expect(planned).toMatchObject([{ kind: "refused", error }, { kind: "event" }]);
    expect(builtOf(planned[1]).event.version).toBe(4);
  });

  test("has the time of the event before it where that one lies ahead, and a notice tells of a minute and more", async () => {
    for (const [ahead, told] of [
      [60_000, 0],
      [60_001, 1],
    ] as const) {
      notices.length = 0;
      const lastAt = 5_000 + ahead;
      const [planned] = await plan([call(setting(2))], { ...base, lastAt });
      expect(builtOf(planned).event.at).toBe(lastAt);
      expect(notices).toHaveLength(told);
    }
  });

  test("begins its events behind a snapshot that is due", async () => {
    const heavy = { ...base, since: 10_000_000 };
    const [first, second] = (await plan([call(setting(2)), call(setting(3))], heavy)).map(builtOf);
    expect(first?.folded.since).toBeGreaterThan(10_000_000);
    expect(second?.folded.since).toBeLessThan(1_000);
  });
});
