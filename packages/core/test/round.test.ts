// A round: which answer each waiting call gets, and which calls wait for another round.
import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Act } from "../src/acts/act.ts";
import type { Notice } from "../src/context/notice.ts";
import { TimeoutError } from "../src/errors/timeout-error.ts";
import { fold } from "../src/fold/fold.ts";
import { type Folded, nothing } from "../src/fold/folded.ts";
import { memoryStorage } from "../src/memory/memory-storage.ts";
import type { StoredEvent } from "../src/model/event.ts";
import type { Call } from "../src/port/call.ts";
import { type Deadline, deadlineOfCall } from "../src/port/deadline.ts";
import type { View } from "../src/port/view.ts";
import { viewOf } from "../src/projection/view-of.ts";
import { makeResources } from "../src/store/make-resources.ts";
import type { ViewKeeper } from "../src/views/view-keeper.ts";
import { createRounds } from "../src/write/round.ts";
import type { StoreChain, StoredChain } from "../src/write/store-chain.ts";
import { type Applied, type WaitingCall, type WriteRequest, waitingCall } from "../src/write/waiting-call.ts";
import { built, types } from "./built-events.ts";

const limit = { timeoutMs: 1_000 };
const context = new AsyncLocalStorage<string>();

const created = built({
  schema: 1,
  type: "created",
  patches: [{ op: "replace", path: [], value: { n: 1, by: "nobody" } }],
});
const second = built({ schema: 1, patches: [{ op: "replace", path: ["n"], value: 2 }] }, created);
/** The act of alice under the key of "mine", stored by another process. */
const hers: Partial<StoredEvent> = { id: "mine", by: "alice", given: "same", schema: 1 };
const third = built({ ...hers, patches: [{ op: "replace", path: ["n"], value: 3 }] }, second);
const fourth = built({ schema: 1, patches: [{ op: "replace", path: ["n"], value: 4 }] }, third);
const all = [created, second, third, fourth];
const foldedAt = (version: number): Folded => fold(nothing, all.slice(0, version), "d", types);
const viewAt = (version: number): View => viewOf(foldedAt(version), "d", types);

/** The storing of all that is sent. */
const storesAll: StoreChain = async (_on, chain) => ({ stored: chain.length, view: "current" });
/** A storing that stores the first events of a chain and then ends. */
const ends =
  (failure: NonNullable<StoredChain["failure"]>, stored = 0): StoreChain =>
  async () => ({ stored, view: stored === 0 ? undefined : "current", failure });
/** The loss of a slot to bob's event. */
const lostTo = (version: number) =>
  ends({ kind: "conflict", occupant: built({ version, by: "bob", schema: 1 }) });
const open = ends({ kind: "open" });
const neverStores: StoreChain = () => expect.fail("nothing is to be stored");

interface Changes {
  /** The events of the document. */
  readonly events?: readonly StoredEvent[];
  /** The storing of each round in turn. */
  readonly storing?: readonly StoreChain[];
  /** A look for an event by its id; undefined: the log's own. */
  readonly byId?: (eventId: string, given: Call) => Promise<StoredEvent | undefined>;
  /** The reading of the head; undefined: the log's own. */
  readonly head?: () => Promise<StoredEvent | undefined>;
  /** The milliseconds by which the server's clock is ahead; undefined: the store has a clock of its own. */
  readonly ahead?: number;
}

/** A document of two events without a view, and the rounds of a store over it. */
async function world({ events = [created, second], storing = [], byId, head, ahead }: Changes = {}) {
  const storage = memoryStorage();
  const stored = await storage.open("c", limit);
  const add = (more: readonly StoredEvent[]) =>
    stored.log.commit(
      more.map((event) => ({ event })),
      "chain",
      limit,
    );
  await add(events);
  const seen = {
    /** The events that were sent, and the version of the view that the first follows on. */
    chains: [] as { readonly ids: readonly string[]; readonly before: unknown }[],
    lookedUp: [] as string[],
    headReads: 0,
    caughtUp: [] as number[],
    followed: [] as object[],
    notices: [] as (Notice & { readonly told?: string | undefined })[],
    pauses: [] as number[],
  };
  const opened = {
    ...stored,
    log: {
      ...stored.log,
      byId: async (doc: unknown, eventId: string, given: Call) => {
        seen.lookedUp.push(eventId);
        return byId === undefined ? stored.log.byId(doc as string, eventId, given) : byId(eventId, given);
      },
      head: (...given: Parameters<typeof stored.log.head>) => {
        seen.headReads++;
        return head === undefined ? stored.log.head(...given) : head();
      },
    },
  };
  const resources = makeResources(
    {
      collection: "c",
      storage: { ...storage, clockOffset: async () => ahead ?? 0 },
      ...(ahead === undefined && { clock: () => 50_000 }),
      onNotice: (notice) => void seen.notices.push({ ...notice, told: context.getStore() }),
    },
    async (ms) => void seen.pauses.push(ms),
    async () => opened,
  );
  const views: Pick<ViewKeeper, "follow" | "catchUp"> = {
    follow: async (_on, { version }, written) => {
      seen.followed.push({ version, written, within: context.getStore() });
      return "current";
    },
    catchUp: async (_on, { folded }) => {
      seen.caughtUp.push(folded.version);
      return "behind";
    },
  };
  const left = [...storing];
  const storeChain: StoreChain = (on, chain, before) => {
    const version = typeof before === "object" ? before.version : before;
    seen.chains.push({ ids: chain.map(({ built }) => built.event.id), before: version });
    return (left.shift() ?? storesAll)(on, chain, before);
  };
  const run = createRounds({ resources, views: views as ViewKeeper, storeChain });
  const round = (calls: readonly Waiting[], from: "cache" | "log" = "cache") =>
    run(
      "d",
      calls.map(({ caller }) => caller),
      from,
    );
  return { ...seen, seen, stored, add, resources, round };
}

interface Waiting {
  readonly caller: WaitingCall;
  readonly outcome: Promise<Applied>;
}

function call(eventId: string, act: Act, changes: Partial<WriteRequest> = {}): Waiting {
  const waiting = waitingCall({
    doc: "d",
    act,
    signature: { eventId, user: "alice", reason: undefined, meta: undefined, given: () => "same" },
    keyed: false,
    expectedVersion: undefined,
    retries: undefined,
    acceptFutureHead: false,
    deadline: deadlineOfCall({ timeoutMs: 10_000 }, "d"),
    ...changes,
  });
  waiting.outcome.catch(() => undefined);
  return waiting;
}

const act = (decide: Act["decide"]): Act => ({ kind: "edit", readsLog: false, decide });
/** A call that stores an event. */
const edit = (eventId: string, changes?: Partial<WriteRequest>): Waiting =>
  call(
    eventId,
    act(() => ({ type: "edited", patches: [{ op: "replace", path: ["by"], value: eventId }], schema: 1 })),
    changes,
  );
/** A call that finds nothing to change. */
const idle = (): Waiting =>
  call(
    "idle",
    act(() => undefined),
  );
const noArticle = new Error("no such article");
/** A call that refuses its state. */
const refusing = (changes?: Partial<WriteRequest>): Waiting =>
  call(
    "mine",
    act(() => {
      throw noArticle;
    }),
    changes,
  );

/** An edit with the id "mine", whose signature differs. */
const used = (changes: Partial<WriteRequest["signature"]>, keyed = true): Waiting =>
  edit("mine", {
    keyed,
    signature: {
      eventId: "mine",
      user: "alice",
      reason: undefined,
      meta: undefined,
      given: () => "same",
      ...changes,
    },
  });

/** The answer of a call: its result or error, or that it waits for another round. */
const answerOf = ({ caller, outcome }: Waiting): Promise<unknown> =>
  caller.settled ? outcome.catch((error: unknown) => error) : Promise.resolve("waits");
const answersOf = (calls: readonly Waiting[]): Promise<unknown[]> => Promise.all(calls.map(answerOf));

describe("a chain that is stored", () => {
  test("gives each call its own event and the state after it, and the next round may begin with the cache", async () => {
    const { round, seen } = await world();
    const calls = [edit("a"), edit("b")];
    expect(await round(calls)).toBe("cache");
    expect(await answersOf(calls)).toMatchObject([
      { event: { id: "a", version: 3 }, folded: { version: 3, state: { by: "a" } }, view: "current" },
      { event: { id: "b", version: 4 }, folded: { version: 4, state: { by: "b" } }, view: "current" },
    ]);
    expect(seen.chains).toEqual([{ ids: ["a", "b"], before: "none" }]);
  });

  test("answers the calls between its events on the state that they saw", async () => {
    const { round } = await world();
    const calls = [idle(), edit("a"), idle(), refusing()];
    expect(await round(calls)).toBe("cache");
    expect(await answersOf(calls)).toMatchObject([
      { folded: { version: 2, state: { n: 2, by: "nobody" } }, view: "current" },
      { event: { id: "a" } },
      { folded: { version: 3, state: { by: "a" } }, view: "current" },
      noArticle,
    ]);
  });

  test("says how far its view is, which is not written once more", async () => {
    const { round, seen } = await world({ storing: [async () => ({ stored: 1, view: "drift" })] });
    const mine = edit("a");
    await round([mine]);
    expect(await answerOf(mine)).toMatchObject({ view: "drift" });
    expect(seen.caughtUp).toEqual([]);
  });
});

describe("a chain of which the first events are stored", () => {
  const refusal = new Error("too large for this storage");

  test("answers up to the event that is refused, and keeps the calls behind it for another round", async () => {
    const { round } = await world({ storing: [ends({ kind: "refused", error: refusal }, 1)] });
    const calls = [edit("a"), idle(), edit("b"), idle(), edit("c"), refusing()];
    expect(await round(calls)).toBe("log");
    expect(await answersOf(calls)).toMatchObject([
      { event: { id: "a", version: 3 } },
      { folded: { version: 3 } },
      refusal,
      "waits",
      "waits",
      "waits",
    ]);
  });

  test("keeps the call whose outcome is open, and those behind it", async () => {
    const { round } = await world({ storing: [ends({ kind: "open" }, 1)] });
    const calls = [edit("a"), edit("b"), edit("c")];
    expect(await round(calls)).toBe("log");
    expect(await answersOf(calls)).toMatchObject([{ event: { id: "a" } }, "waits", "waits"]);
  });
});

describe("the base of a round", () => {
  test("that nothing confirmed answers nobody: an unchanged call before a lost event waits", async () => {
    const { round, resources } = await world({ storing: [open] });
    resources.cache.put("d", { folded: foldedAt(2), view: undefined });
    const calls = [idle(), refusing(), edit("a")];
    expect(await round(calls)).toBe("log");
    expect(await answersOf(calls)).toEqual(["waits", "waits", "waits"]);
  });

  test("that is the head answers an unchanged call before a lost event, with the view brought forward", async () => {
    const { round, seen } = await world({ storing: [open] });
    const calls = [idle(), refusing(), edit("a")];
    expect(await round(calls)).toBe("log");
    expect(await answersOf(calls)).toMatchObject([
      { folded: { version: 2 }, view: "behind" },
      noArticle,
      "waits",
    ]);
    expect(seen.caughtUp).toEqual([2]);
  });

  test("is the cached state where an event will confirm it, without a look at the log", async () => {
    const { round, seen, resources } = await world();
    resources.cache.put("d", { folded: foldedAt(2), view: undefined });
    const mine = edit("a");
    await round([mine]);
    expect(await answerOf(mine)).toMatchObject({ folded: { version: 3, state: { n: 2, by: "a" } } });
    expect(seen).toMatchObject({ headReads: 0, caughtUp: [], chains: [{ ids: ["a"], before: undefined }] });
  });

  test("is read from the log behind a conflict, whatever is cached", async () => {
    const { round, resources, add } = await world();
    resources.cache.put("d", { folded: foldedAt(2), view: undefined });
    await add([third]);
    const mine = edit("a");
    await round([mine], "log");
    expect(await answerOf(mine)).toMatchObject({ folded: { version: 4, state: { n: 3, by: "a" } } });
  });

  test("is read from the log where no call stores an event: the cache may be behind", async () => {
    const { round, resources, add, seen } = await world({ storing: [neverStores] });
    resources.cache.put("d", { folded: foldedAt(2), view: undefined });
    await add([third]);
    const [unchanged, refused] = [idle(), refusing()];
    expect(await round([unchanged, refused])).toBe("cache");
    expect(await answersOf([unchanged, refused])).toMatchObject([
      { folded: { version: 3, state: { n: 3 } }, view: "behind" },
      noArticle,
    ]);
    expect(seen).toMatchObject({ caughtUp: [3], chains: [] });
  });

  test.each([
    ["of the base", viewAt(2), 2],
    ["of an older version, which may be gone meanwhile,", viewAt(1), undefined],
    ["that is surely missing", "none", "none"],
  ] as const)("lets its first event follow on a view %s", async (_, view, before) => {
    const { round, resources, seen } = await world();
    resources.cache.put("d", { folded: foldedAt(2), view });
    await round([edit("a")]);
    expect(seen.chains).toEqual([{ ids: ["a"], before }]);
  });

  test("that cannot be read fails all calls with the reason", async () => {
    const reason = new Error("the server is down");
    const { round } = await world({ storing: [neverStores], head: () => Promise.reject(reason) });
    const calls = [edit("a"), idle()];
    expect(await round(calls)).toBe("log");
    expect(await answersOf(calls)).toEqual([reason, reason]);
  });
});

describe("a call that lost its slot", () => {
  test("waits for another round, which begins with the log, and a notice in its own context tells of it", async () => {
    const { round, seen } = await world({ storing: [lostTo(3), lostTo(4)] });
    const mine = context.run("alice's request", () => edit("a"));
    const behind = edit("b");
    expect(await round([mine, behind])).toBe("log");
    await round([mine], "log");
    expect(await answersOf([mine, behind])).toEqual(["waits", "waits"]);
    expect(seen.notices).toEqual(
      [1, 2].map((attempt) => ({
        type: "conflict-retry",
        id: "d",
        version: attempt + 2,
        attempt,
        told: "alice's request",
      })),
    );
    expect(seen.pauses).toHaveLength(2);
  });

  test("is decided again on the state of the winner", async () => {
    const { round, add } = await world({ storing: [lostTo(3)] });
    const mine = edit("a");
    const from = await round([mine]);
    await add([third]);
    await round([mine], from);
    expect(await answerOf(mine)).toMatchObject({
      event: { version: 4 },
      folded: { state: { n: 3, by: "a" } },
    });
  });

  test.each([0, 1, 3])("and has %i retries is told of the winner when they are used up", async (retries) => {
    const { round, seen } = await world({ storing: [1, 2, 3, 4].map(() => lostTo(7)) });
    const mine = edit("a", { retries });
    for (let i = 0; i < retries; i++) {
      await round([mine], "log");
      expect(await answerOf(mine)).toBe("waits");
    }
    await round([mine], "log");
    expect(await answerOf(mine)).toMatchObject({
      code: "conflict",
      details: { id: "d", expected: 6, found: 7, by: "alice", foundBy: "bob" },
    });
    expect([seen.notices, seen.pauses].map(({ length }) => length)).toEqual([retries, retries]);
  });

  test("and expects a version is decided again at once, and refused where the version is another one by then", async () => {
    const { round, add, seen } = await world({ storing: [lostTo(3)] });
    const mine = edit("a", { expectedVersion: 2, retries: 0 });
    const from = await round([mine]);
    expect(await answerOf(mine)).toBe("waits");
    expect(seen).toMatchObject({ notices: [], pauses: [] });
    await add([third]);
    await round([mine], from);
    expect(await answerOf(mine)).toMatchObject({ code: "conflict", details: { expected: 2, found: 3 } });
  });

  test("tells of the winner where its time ends before another round", async () => {
    const { round } = await world({ storing: [lostTo(3)] });
    const time = deadline();
    const mine = edit("a", { deadline: time.given });
    await round([mine]);
    mine.caller.giveUp(new TimeoutError({ id: "d", timeoutMs: 10 }));
    expect(await answerOf(mine)).toMatchObject({ code: "conflict", details: { found: 3, foundBy: "bob" } });
  });
});

describe("after a conflict", () => {
  afterEach(() => void vi.restoreAllMocks());

  test("the pause follows from the time that the try took, from the beginning of its round", async () => {
    let now = 1_000;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    vi.spyOn(Math, "random").mockReturnValue(1);
    const mine = edit("a", { deadline: deadline().given });
    now = 5_000;
    const takes10ms: StoreChain = (...given) => {
      now += 10;
      return lostTo(3)(...given);
    };
    const { round, seen } = await world({ storing: [takes10ms] });
    await round([mine]);
    expect(seen.pauses).toEqual([40]);
  });

  test.each([
    ["twice the time of its try", 10, 20],
    ["a tenth of its whole time", 900, 1_000],
  ])("a call that has less left than %s is told of the winner", async (_, tryMs, least) => {
    for (const [left, waits] of [
      [least, true],
      [least - 1, false],
    ] as const) {
      let now = 5_000;
      vi.spyOn(performance, "now").mockImplementation(() => now);
      const time = deadline(10_000);
      const mine = edit("a", { deadline: time.given });
      const slow: StoreChain = (...given) => {
        now += tryMs;
        time.leave(left);
        return lostTo(3)(...given);
      };
      const { round } = await world({ storing: [slow] });
      await round([mine]);
      if (waits) expect(await answerOf(mine)).toBe("waits");
      else
        expect(await answerOf(mine)).toMatchObject({ code: "conflict", details: { expected: 2, found: 3 } });
    }
  });
});

describe("a call with a key", () => {
  const keyed = { keyed: true };

  test("whose act is stored already gets that event and the state after it, and stores nothing", async () => {
    const { round, seen } = await world({ events: all, storing: [neverStores] });
    const mine = context.run("alice's request", () => edit("mine", keyed));
    expect(await round([mine], "log")).toBe("log");
    expect(await answerOf(mine)).toMatchObject({
      event: { id: "mine", version: 3 },
      folded: { version: 3, state: { n: 3 } },
      view: "current",
      repeated: true,
    });
    // its writer may have ended before the view was written
    expect(seen.followed).toEqual([{ version: 3, written: undefined, within: "alice's request" }]);
    expect(seen).toMatchObject({ headReads: 0 });
  });

  test("is looked for before it is decided, once, and calls without a key never", async () => {
    const { round, seen } = await world({ storing: [lostTo(3), lostTo(4)] });
    const calls = [edit("mine", keyed), edit("other")];
    await round(calls);
    await round(calls, "log");
    await round(calls, "log");
    expect(seen.lookedUp).toEqual(["mine"]);
    expect(await answersOf(calls)).toMatchObject([{ event: { id: "mine" } }, { event: { id: "other" } }]);
    expect((await answerOf(calls[0] as Waiting)) as Applied).not.toHaveProperty("repeated");
  });

  test("that is answered by the log leaves the others of its round to be decided", async () => {
    const { round, seen } = await world({ events: all });
    const calls = [edit("mine", keyed), edit("other")];
    expect(await round(calls)).toBe("cache");
    expect(await answersOf(calls)).toMatchObject([
      { event: { version: 3 }, repeated: true },
      { event: { id: "other", version: 5 } },
    ]);
    expect(seen.chains).toMatchObject([{ ids: ["other"] }]);
  });

  test.each([
    ["another user", { user: "bob" }],
    ["another argument", { given: () => "different" }],
    ["no argument", { given: undefined }],
    [
      "an argument that cannot be stored",
      {
        given: () => {
          throw new Error("a function");
        },
      },
    ],
  ])("that was used by a call with %s is refused", async (_, changes) => {
    const { round, seen } = await world({ events: all, storing: [neverStores] });
    const mine = used(changes);
    await round([mine]);
    expect(await answerOf(mine)).toMatchObject({
      code: "key_reused",
      details: { id: "d", eventId: "mine", version: 3, type: "edited", by: "alice" },
    });
    expect(seen.followed).toEqual([]);
  });

  test("compares its argument under the salt of the stored event", async () => {
    const { round } = await world({ events: all });
    const mine = used({ given: (salt) => (salt === third.salt ? "same" : "different") });
    await round([mine]);
    expect(await answerOf(mine)).toMatchObject({ repeated: true });
  });

  test("that cannot be looked up fails with the reason, and the others of its round go on", async () => {
    const reason = new Error("the server is down");
    const { round } = await world({ byId: () => Promise.reject(reason) });
    const calls = [edit("mine", keyed), edit("other")];
    await round(calls);
    expect(await answersOf(calls)).toMatchObject([reason, { event: { id: "other" } }]);
  });

  test("is looked up within its own time", async () => {
    const given: Call[] = [];
    const { round } = await world({
      byId: async (_id, call) => {
        given.push(call);
        return undefined;
      },
    });
    const patient = edit("other", { deadline: deadline(60_000).given });
    await round([edit("mine", { keyed: true, deadline: deadline().given }), patient]);
    expect(given).toEqual([limit]);
  });

  test("is not looked up when it has ended", async () => {
    const { round, seen } = await world();
    const calls = [edit("mine", keyed), edit("patient", keyed)];
    const reason = new Error("the user went away");
    calls[0]?.caller.giveUp(reason);
    await round(calls);
    expect(await answersOf(calls)).toMatchObject([reason, { event: { id: "patient" } }]);
    expect(seen.lookedUp).toEqual(["patient"]);
  });

  test("that refuses the head is looked up again: another process may have stored its act since", async () => {
    const found = [undefined, third];
    const { round } = await world({ events: all, byId: async () => found.shift() });
    const mine = refusing(keyed);
    await round([mine]);
    expect(await answerOf(mine)).toMatchObject({ event: { version: 3 }, repeated: true });
  });

  test("that refuses the head, and is not stored, fails with its own error", async () => {
    const { round, seen } = await world();
    const calls = [refusing(keyed), refusing()];
    await round(calls);
    expect(await answersOf(calls)).toEqual([noArticle, noArticle]);
    expect(seen.lookedUp).toEqual(["mine", "mine"]);
  });
});

describe("an act that was stored in another slot", () => {
  test("waits for another round, which finds it", async () => {
    // by its own first try, since its call has no key
    const { given: _, hash: __, ...plain } = third;
    const stored = built(plain, second);
    const { round, add, seen } = await world({
      storing: [ends({ kind: "elsewhere", occupant: stored }), neverStores],
    });
    const mine = used({ given: undefined }, false);
    expect(await round([mine])).toBe("log");
    expect(await answerOf(mine)).toBe("waits");
    await add([stored]);
    expect(await round([mine], "log")).toBe("log");
    expect(await answerOf(mine)).toMatchObject({ event: { version: 3 }, repeated: true });
    expect(seen.lookedUp).toEqual(["mine"]);
  });
});

describe("while its event is under way", () => {
  const lineCut = new Error("the line is cut");
  const late = new TimeoutError({ id: "d", timeoutMs: 10 });

  test("a call leaves its outcome open, with the last doubt as the cause", async () => {
    const sending: StoreChain = async (_on, [event]) => {
      event?.sent(3);
      event?.doubted?.(lineCut);
      return { stored: 0, view: undefined, failure: { kind: "open" } };
    };
    const { round } = await world({ storing: [sending] });
    const mine = edit("mine");
    await round([mine]);
    mine.caller.giveUp(late);
    expect(await answerOf(mine)).toMatchObject({
      code: "indeterminate",
      details: { id: "d", eventId: "mine", version: 3 },
      cause: lineCut,
    });
  });

  test("the storing learns whether anybody waits for it, whether it has a key, and the context of its call", async () => {
    const told: unknown[] = [];
    const mine = context.run("alice's request", () => edit("mine", { keyed: true }));
    const other = edit("other");
    const asking: StoreChain = async (_on, chain) => {
      for (const { given, keyed, inContext } of chain)
        told.push([given(), keyed, inContext(() => context.getStore())]);
      mine.caller.giveUp(late);
      told.push(chain.map(({ given }) => given()));
      return { stored: 0, view: undefined, failure: { kind: "open" } };
    };
    const { round } = await world({ storing: [asking] });
    await round([mine, other]);
    expect(told).toEqual([
      [false, true, "alice's request"],
      [false, false, undefined],
      [true, false],
    ]);
  });

  test("its outcome is open no more once its event is looked for in vain", async () => {
    const down = new Error("the server is down");
    const elsewhere: StoreChain = async (_on, [event]) => {
      event?.sent(3);
      return { stored: 0, view: undefined, failure: { kind: "elsewhere", occupant: third } };
    };
    const { round } = await world({ storing: [elsewhere, () => Promise.reject(down)] });
    const mine = edit("mine", { keyed: true });
    await round([mine]);
    await round([mine], "log");
    expect(await answerOf(mine)).toBe(down);
  });
});

describe("the time of a round", () => {
  test("is the longest of its calls, and its end is told to nobody: each call has a deadline of its own", async () => {
    let limitOfRound = 0;
    const until: StoreChain = ({ deadline }) => {
      limitOfRound = deadline.remaining();
      return new Promise((_, reject) => deadline.onEnd(reject));
    };
    const times = [deadline(10), deadline(30), deadline(20)];
    const { round } = await world({ storing: [until] });
    const calls = times.map(({ given }, i) => edit(`e${i}`, { deadline: given }));
    expect(await round(calls)).toBe("log");
    expect(limitOfRound).toBe(30);
    expect(await answersOf(calls)).toEqual(["waits", "waits", "waits"]);
  });

  test("is that of the server's clock, which is asked first", async () => {
    const { round } = await world({ ahead: 3_600_000 });
    const mine = edit("a");
    const before = Date.now();
    await round([mine]);
    const { event } = (await answerOf(mine)) as Applied;
    expect(event?.at).toBeGreaterThanOrEqual(before + 3_500_000);
  });

  test("that ends for one call while the round is planned ends the round, which stores nothing", async () => {
    const { round } = await world({ storing: [neverStores] });
    const late = new TimeoutError({ id: "d", timeoutMs: 10 });
    const first = edit("first");
    const other = call(
      "other",
      act(() => {
        first.caller.giveUp(late);
        return { type: "edited", patches: [], schema: 1 };
      }),
    );
    const from = await round([first, other]);
    expect(from).toBe("log");
    expect(await answersOf([first, other])).toMatchObject([
      { code: "timeout", details: { stored: "nothing" } },
      "waits",
    ]);
  });
});

/** A deadline that the test sets: it ends only as the deadline of a round does. */
function deadline(leftMs = 10_000) {
  let left = leftMs;
  const given: Deadline = {
    call: () => limit,
    remaining: () => left,
    onEnd: () => () => undefined,
    ofStep: () => given,
  };
  return {
    given,
    leave: (ms: number) => {
      left = ms;
    },
  };
}
