// A call in its document's queue: how it ends, and which calls the queue decides together.
import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Act } from "../src/acts/act.ts";
import { ConflictError } from "../src/errors/conflict-error.ts";
import { IndeterminateError } from "../src/errors/indeterminate-error.ts";
import { TimeoutError } from "../src/errors/timeout-error.ts";
import { nothing } from "../src/fold/folded.ts";
import type { Deadline } from "../src/port/deadline.ts";
import { createDocumentQueues } from "../src/write/document-queues.ts";
import type { BaseFrom } from "../src/write/round.ts";
import { type Applied, type WaitingCall, type WriteRequest, waitingCall } from "../src/write/waiting-call.ts";

const act: Act = { kind: "edit", readsLog: false, decide: () => undefined };
const applied: Applied = { folded: nothing, view: "current" };

/** A deadline that ends when the test says so, and whether anybody still waits for its end. */
function deadline() {
  const waiting = new Set<(error: unknown) => void>();
  const given: Deadline = {
    call: () => ({ timeoutMs: 1_000 }),
    remaining: () => 1_000,
    onEnd: (callback) => {
      waiting.add(callback);
      return () => void waiting.delete(callback);
    },
    ofStep: () => given,
  };
  const end = (error: unknown): void => {
    for (const callback of waiting) callback(error);
  };
  return { given, end, waits: () => waiting.size };
}

function request(changes: Partial<WriteRequest> = {}): WriteRequest {
  return {
    doc: "d",
    act,
    signature: { eventId: "e", user: "alice", reason: undefined, meta: undefined },
    keyed: false,
    expectedVersion: undefined,
    retries: undefined,
    acceptFutureHead: false,
    deadline: deadline().given,
    ...changes,
  };
}

const late = new TimeoutError({ id: "d", timeoutMs: 1_000 });

describe("a waiting call", () => {
  test("ends once, and then hears of its time no more", async () => {
    const time = deadline();
    const { caller, outcome } = waitingCall(request({ deadline: time.given }));
    expect({ settled: caller.settled, waits: time.waits() }).toEqual({ settled: false, waits: 1 });
    caller.succeed(applied);
    caller.fail(new Error("too late"));
    caller.giveUp(late);
    expect({ settled: caller.settled, waits: time.waits() }).toEqual({ settled: true, waits: 0 });
    expect(await outcome).toBe(applied);
  });

  test("fails with the error that it is given", async () => {
    const { caller, outcome } = waitingCall(request());
    caller.fail(late);
    await expect(outcome).rejects.toBe(late);
  });

  test("says that nothing is stored where its time is up before its event was sent", async () => {
    const time = deadline();
    const { outcome } = waitingCall(request({ deadline: time.given }));
    time.end(late);
    await expect(outcome).rejects.toMatchObject({ code: "timeout", details: { id: "d", stored: "nothing" } });
  });

  test("leaves its outcome open where its event is under way, with the last doubt as the cause", async () => {
    for (const doubt of [undefined, new Error("the line is cut")]) {
      const time = deadline();
      const { caller, outcome } = waitingCall(request({ deadline: time.given }));
      caller.sentTo = 7;
      caller.doubt = doubt;
      time.end(late);
      const error = await outcome.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(IndeterminateError);
      expect(error).toMatchObject({ details: { id: "d", eventId: "e", version: 7 } });
      expect((error as Error).cause).toBe(doubt ?? late);
    }
  });

  test("whose time went by in conflicts says so; one that was given up keeps the reason", async () => {
    const reason = new Error("the user went away");
    for (const [ended, wanted] of [
      [late, ConflictError],
      [reason, Error],
    ] as const) {
      const time = deadline();
      const { caller, outcome } = waitingCall(request({ deadline: time.given }));
      caller.occupant = { version: 5, by: "bob" };
      time.end(ended);
      const error = await outcome.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(wanted);
      if (ended === late)
        expect(error).toMatchObject({
          details: { id: "d", expected: 4, found: 5, by: "alice", foundBy: "bob" },
        });
      else expect(error).toBe(reason);
    }
  });

  test("has nothing to look up without a key, and its own time and context", () => {
    expect(waitingCall(request()).caller.looked).toBe(true);
    const context = new AsyncLocalStorage<string>();
    const { caller } = context.run("of the caller", () => waitingCall(request({ keyed: true })));
    expect(caller).toMatchObject({ looked: false, time: 1_000, conflicts: 0, occupant: undefined });
    expect(caller.inContext(() => context.getStore())).toBe("of the caller");
  });
});

/** Queues whose rounds the test carries out, one after another. */
function queues(atHome: <R>(work: () => R) => R = (work) => work()) {
  const rounds: {
    readonly doc: unknown;
    readonly calls: readonly WaitingCall[];
    readonly from: BaseFrom;
    readonly end: (next: BaseFrom) => void;
  }[] = [];
  const made = createDocumentQueues(
    (doc, calls, from) => new Promise((end) => void rounds.push({ doc, calls, from, end })),
    atHome,
  );
  const names = (i: number) => rounds[i]?.calls.map(({ signature }) => signature.eventId);
  const write = (eventId: string, doc = "d", time = deadline().given) =>
    made.write(request({ doc, signature: { ...request().signature, eventId }, deadline: time }));
  return { ...made, write, rounds, names };
}

const settleAll = (calls: readonly WaitingCall[] = []): void => {
  for (const call of calls) call.succeed(applied);
};

describe("the queue of a document", () => {
  test("decides those that came meanwhile together, at most 64, in their order, from where the last round says", async () => {
    const { write, rounds, names } = queues();
    const first = write("first");
    const others = Array.from({ length: 70 }, (_, i) => write(`w${i}`));
    expect(names(0)).toEqual(["first"]);
    settleAll(rounds[0]?.calls);
    rounds[0]?.end("log");
    await first;
    await nextTurn();
    expect(names(1)).toEqual(Array.from({ length: 64 }, (_, i) => `w${i}`));
    expect(rounds.map(({ from }) => from)).toEqual(["cache", "log"]);
    settleAll(rounds[1]?.calls);
    rounds[1]?.end("cache");
    await nextTurn();
    expect(names(2)).toEqual(["w64", "w65", "w66", "w67", "w68", "w69"]);
    expect(rounds[2]?.from).toBe("cache");
    settleAll(rounds[2]?.calls);
    rounds[2]?.end("cache");
    expect(await Promise.all(others)).toHaveLength(70);
    expect(rounds).toHaveLength(3);
  });

  test("lets those that a round left open wait before all that came later, and passes by those that have ended", async () => {
    const { write, rounds, names } = queues();
    const all = ["a", "b", "c"].map((name) => write(name));
    settleAll(rounds[0]?.calls);
    rounds[0]?.end("cache");
    await nextTurn();
    expect(names(1)).toEqual(["b", "c"]);
    const [b, c] = rounds[1]?.calls ?? [];
    all.push(write("d"), write("e"));
    b?.succeed(applied);
    rounds[1]?.end("log");
    await nextTurn();
    expect(names(2)).toEqual(["c", "d", "e"]);
    // in the line as well
    const f = write("f");
    settleAll(rounds[2]?.calls.slice(1));
    c?.succeed(applied);
    rounds[2]?.end("log");
    await nextTurn();
    expect(names(3)).toEqual(["f"]);
    settleAll(rounds[3]?.calls);
    rounds[3]?.end("log");
    await Promise.all([...all, f]);
  });

  test("runs no round for calls that have ended while they waited, nor where none came", async () => {
    const { write, exclusively, rounds, names } = queues();
    const time = deadline();
    const [first, ended, last] = [write("first"), write("ended", "d", time.given), write("last")];
    time.end(late);
    await expect(ended).rejects.toBeInstanceOf(TimeoutError);
    settleAll(rounds[0]?.calls);
    rounds[0]?.end("cache");
    await first;
    await nextTurn();
    expect(names(1)).toEqual(["last"]);
    settleAll(rounds[1]?.calls);
    rounds[1]?.end("cache");
    await last;
    await exclusively("d", async () => undefined);
    await nextTurn();
    expect(rounds).toHaveLength(2);
  });

  test("is its own: the documents do not wait for each other, and one that is empty begins anew from the cache", async () => {
    const { write, rounds } = queues();
    const [mine, other] = [write("a"), write("b", "other")];
    expect(rounds.map(({ doc }) => doc)).toEqual(["d", "other"]);
    for (const { calls, end } of rounds.splice(0)) {
      settleAll(calls);
      end("log");
    }
    await Promise.all([mine, other]);
    await nextTurn();
    const again = write("c");
    expect(rounds.map(({ from }) => from)).toEqual(["cache"]);
    settleAll(rounds[0]?.calls);
    rounds[0]?.end("log");
    await again;
  });

  test("carries out other work between two rounds, in the context of who asked for it, and gives its result or error", async () => {
    const context = new AsyncLocalStorage<string>();
    const { write, exclusively, rounds } = queues();
    const first = write("a");
    const done: string[] = [];
    const work = context.run("of the work", () =>
      exclusively("d", async () => {
        done.push(`${context.getStore()}, rounds ${rounds.length}`);
        return 5;
      }),
    );
    const failing = exclusively("d", () => Promise.reject(new Error("no")));
    const failed = expect(failing).rejects.toThrow("no");
    const second = write("b");
    await nextTurn();
    expect(done).toEqual([]);
    settleAll(rounds[0]?.calls);
    rounds[0]?.end("cache");
    expect(await work).toBe(5);
    expect(done).toEqual(["of the work, rounds 1"]);
    await nextTurn();
    settleAll(rounds[1]?.calls);
    rounds[1]?.end("cache");
    await Promise.all([first, second]);
    await nextTurn();
    // two works have a round between them: neither line keeps the other waiting
    await nextTurn();
    await failed;
  });

  test("runs in the context of the store, and is waited for until all is empty", async () => {
    const context = new AsyncLocalStorage<string>();
    const { write, drained, rounds } = queues((work) => context.run("of the store", work));
    const outcome = context.run("of the caller", () => write("a"));
    let isDrained = false;
    const end = drained().then(() => {
      isDrained = true;
    });
    await nextTurn();
    expect(isDrained).toBe(false);
    const next = write("b");
    settleAll(rounds[0]?.calls);
    rounds[0]?.end("cache");
    await outcome;
    await nextTurn();
    expect(isDrained).toBe(false);
    settleAll(rounds[1]?.calls);
    rounds[1]?.end("cache");
    await Promise.all([next, end]);
    expect(isDrained).toBe(true);
    await drained();
  });
});
