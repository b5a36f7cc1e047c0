// The view guard: what a view write answers, what the keeper says and does then, and how it goes on in the background.
import { AsyncLocalStorage } from "node:async_hooks";
import { onAbort, type StoredCollection, type ViewOutcome } from "@everdraft/core/adapter";
import { memoryStorage } from "@everdraft/core/memory";
import { beforeEach, expect, test, vi } from "vitest";
import type { Notice } from "../src/context/notice.ts";
import { onDocument } from "../src/context/on-document.ts";
import type { KnownDocument } from "../src/context/state-cache.ts";
import type { Wait } from "../src/context/wait.ts";
import { ConstraintError } from "../src/errors/constraint-error.ts";
import { DriftError } from "../src/errors/drift-error.ts";
import { MigrationError } from "../src/errors/migration-error.ts";
import { SchemaTooNewError } from "../src/errors/schema-too-new-error.ts";
import { fold } from "../src/fold/fold.ts";
import { type Folded, nothing } from "../src/fold/folded.ts";
import { deadlineOfCall } from "../src/port/deadline.ts";
import type { AnyProjection } from "../src/projection/define-projection.ts";
import { viewOf } from "../src/projection/view-of.ts";
import { createParts } from "../src/store/parts.ts";
import type { RowKeeper } from "../src/views/row-keeper.ts";
import {
  createViewKeeper,
  type ViewKeeper,
  type ViewState,
  type WrittenWith,
} from "../src/views/view-keeper.ts";
import { threeEvents, types } from "./built-events.ts";

// the pauses that were asked for; each ends when the test says so
const pauses: { readonly ms: number; readonly end: () => void }[] = [];
const wait: Wait = (ms, until) =>
  new Promise((end) => {
    pauses.push({ ms, end });
    if (until !== undefined) onAbort(until, end);
  });
beforeEach(() => void pauses.splice(0));

const call = { timeoutMs: 1_000 };
const limit = () => deadlineOfCall(undefined, "d");
const events = threeEvents();
const foldedAt = (version: number): Folded => fold(nothing, events.slice(0, version), "d", types);

/** What a view write does: it answers so without writing, fails, or (left out) writes. */
type Script = readonly (ViewOutcome | Error | "write")[];

interface World {
  /** The keeper; what it does for a document it does for this one. */
  readonly keeper: Omit<ViewKeeper, "follow" | "catchUp" | "bringForward" | "bringRowsForward"> & {
    follow(folded: Folded, written: WrittenWith | undefined): Promise<ViewState>;
    catchUp(head: KnownDocument): Promise<ViewState>;
    bringForward(): Promise<boolean>;
    bringRowsForward(folded: Folded): Promise<void>;
  };
  readonly stored: StoredCollection;
  readonly notices: Notice[];
  /** The versions of the views that were to be written, all over a lower one. */
  readonly writes: number[];
  /** The versions of which rows were to be written. */
  readonly rows: number[];
  /** The version of the view as it is. */
  version(): Promise<number | undefined>;
}

/** A document of three events without a view, and a keeper over it. */
async function world(
  script: Script = [],
  { follow, bringForward, projections = [{} as AnyProjection] }: Partial<RowKeeper> = {},
): Promise<World> {
  const storage = memoryStorage();
  const stored = await storage.open("kit", call);
  await stored.log.commit(
    events.map((event) => ({ event })),
    "chain",
    call,
  );
  const [notices, writes, rows]: [Notice[], number[], number[]] = [[], [], []];
  const left = [...script];
  const views: StoredCollection["views"] = {
    ...stored.views,
    write: async (view, over, ...rest) => {
      expect(over).toBe("lower");
      writes.push(view.version);
      const next = left.shift() ?? "write";
      if (next instanceof Error) throw next;
      return next === "write" ? stored.views.write(view, over, ...rest) : next;
    },
  };
  const { resources } = createParts({ collection: "kit", storage }, wait);
  const watched = {
    ...resources,
    opened: async () => ({ ...stored, views }),
    notice: (notice: Notice) => void notices.push(notice),
  };
  const all = createViewKeeper(watched, {
    projections,
    prepare: async () => undefined,
    of: () => expect.fail("nobody asks for rows here"),
    withEvents: async () => undefined,
    follow: async (on, folded) => {
      rows.push(folded.version);
      await follow?.(on, folded);
    },
    bringForward: async (on, folded) => {
      rows.push(folded.version);
      return (await bringForward?.(on, folded)) ?? false;
    },
  });
  const on = () => onDocument(watched, "d", limit());
  const keeper: World["keeper"] = {
    follow: (...given) => all.follow(on(), ...given),
    catchUp: (head) => all.catchUp(on(), head),
    bringForward: () => all.bringForward(on()),
    bringRowsForward: (folded) => all.bringRowsForward(on(), folded),
    settled: all.settled,
    rowsSettled: all.rowsSettled,
    close: all.close,
  };
  const version = async () => (await stored.views.get(["d"], call))[0]?.version;
  return { keeper, stored, notices, writes, rows, version };
}

/** Lets what is under way come to its next pause or to its end. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("a view that was written with its event is not written again; its rows follow", async () => {
  const { keeper, writes, rows, notices } = await world();
  expect(await keeper.follow(foldedAt(3), { view: "current" })).toBe("current");
  expect({ writes, rows, notices }).toEqual({ writes: [], rows: [3], notices: [] });
});

test("a view that was not asked for yet is written, and then its rows", async () => {
  const { keeper, writes, rows, notices, version } = await world();
  expect(await keeper.follow(foldedAt(3), undefined)).toBe("current");
  expect({ writes, rows, notices }).toEqual({ writes: [3], rows: [3], notices: [] });
  expect(await version()).toBe(3);
});

test("a view that a try whose answer was lost may have inserted is compared with the head, and brought forward", async () => {
  const { keeper, writes, version } = await world(["current"]);
  expect(await keeper.follow(foldedAt(2), undefined)).toBe("current");
  expect(writes).toEqual([2, 3]);
  expect(await version()).toBe(3);
});

test("what was inserted where nothing was is compared with the head, and brought forward", async () => {
  const { keeper, writes, version, stored } = await world();
  expect(await keeper.follow(foldedAt(1), undefined)).toBe("current");
  expect(writes).toEqual([1, 3]);
  expect(await version()).toBe(3);
  expect((await stored.views.get(["d"], call))[0]?.state).toEqual({ n: 3, list: [1, 2] });
});

test("what was inserted at the head is not written again", async () => {
  const { keeper, writes, rows } = await world();
  expect(await keeper.follow(foldedAt(3), { view: "inserted" })).toBe("current");
  expect({ writes, rows }).toEqual({ writes: [], rows: [3] });
});

test("a view that its collection refuses is told of, and its rows follow", async () => {
  const { keeper, rows, notices } = await world();
  expect(await keeper.follow(foldedAt(2), { view: "refused" })).toBe("refused");
  expect(notices).toEqual([
    {
      type: "view-refused",
      id: "d",
      version: 2,
      cause: expect.objectContaining({
        code: "constraint",
        details: {
          operation: "write the view",
          id: "d",
          where: "at version 2",
          reason: expect.stringMatching(/^the collection refuses it: /),
          remedy: expect.stringContaining("sweep, repair or rebuild"),
        },
      }),
    },
  ]);
  expect(rows).toEqual([2]);
  await keeper.settled(undefined, limit());
});

test("a view that is behind is told of, and brought forward in the background", async () => {
  const { keeper, notices, writes, version } = await world();
  expect(await keeper.follow(foldedAt(2), { view: "behind" })).toBe("behind");
  expect(notices).toEqual([{ type: "view-behind", id: "d", version: 2, cause: undefined }]);
  expect(writes).toEqual([]);
  pauses[0]?.end();
  await keeper.settled(["d"], limit());
  expect(await version()).toBe(3);
});

test("a failing write is tried again after longer and longer pauses, none longer than five seconds", async () => {
  const down = new Error("the server is down");
  const tries = 10;
  const { keeper, notices, writes, version } = await world(Array(tries).fill(down));
  expect(await keeper.follow(foldedAt(3), undefined)).toBe("behind");
  expect(notices).toEqual([{ type: "view-behind", id: "d", version: 3, cause: down }]);
  for (let i = 0; i < tries; i++) {
    pauses[i]?.end();
    await vi.waitFor(() => expect(writes).toHaveLength(i + 2));
    await turn();
  }
  await keeper.settled(undefined, limit());
  expect(pauses.slice(0, tries).map(({ ms }) => ms)).toEqual([
    ...[50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000],
  ]);
  expect(await version()).toBe(3);
});

test("one document is tried in one place, however often it fails", async () => {
  const { keeper, notices, writes } = await world([new Error("one"), new Error("two")]);
  await keeper.follow(foldedAt(2), undefined);
  await keeper.follow(foldedAt(3), undefined);
  expect(notices).toHaveLength(2);
  expect(pauses).toHaveLength(1);
  pauses[0]?.end();
  await keeper.settled(["d"], limit());
  expect(writes).toEqual([2, 3, 3]);
});

test("settled waits for the document that it is asked about, and no longer than its call may take", async () => {
  const { keeper } = await world([new Error("down"), new Error("still down")]);
  await keeper.settled(undefined, limit());
  await keeper.settled(["d"], limit());
  await keeper.follow(foldedAt(3), undefined);
  await keeper.settled(["another"], limit());
  for (const docs of [["d"], undefined]) {
    const stop = new AbortController();
    const waiting = keeper.settled(docs, deadlineOfCall({ signal: stop.signal }));
    stop.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
  }
});

test("close tries what is pending at once, waits for that try, and then gives up", async () => {
  const one = await world([new Error("down")]);
  await one.keeper.follow(foldedAt(3), undefined);
  await one.keeper.close();
  expect(one.writes).toEqual([3, 3]);
  expect(await one.version()).toBe(3);

  const other = await world([new Error("down"), new Error("down"), new Error("down")]);
  await other.keeper.follow(foldedAt(3), undefined);
  await other.keeper.close();
  expect(other.writes).toEqual([3, 3]);
  expect(await other.version()).toBeUndefined();
});

test("what fails after the close began is tried once more, without a pause", async () => {
  const { keeper, writes } = await world([new Error("down"), new Error("down"), new Error("down")]);
  await keeper.close();
  expect(await keeper.follow(foldedAt(3), undefined)).toBe("behind");
  await keeper.settled(["d"], limit());
  expect(writes).toEqual([3, 3]);
});

test("a failure while the store is open is not the last try", async () => {
  const { keeper, writes } = await world([new Error("down"), new Error("down")]);
  await keeper.follow(foldedAt(3), undefined);
  pauses[0]?.end();
  await vi.waitFor(() => expect(pauses).toHaveLength(2));
  pauses[1]?.end();
  await keeper.settled(["d"], limit());
  expect(writes).toEqual([3, 3, 3]);
});

test("catching up writes a view that is behind its head, and of one that is not only the rows", async () => {
  const behind = await world();
  expect(await behind.keeper.catchUp({ folded: foldedAt(3), view: undefined })).toBe("current");
  expect(behind.writes).toEqual([3]);
  const [view] = await behind.stored.views.get(["d"], call);
  expect(await behind.keeper.catchUp({ folded: foldedAt(3), view })).toBe("current");
  expect({ writes: behind.writes, rows: behind.rows }).toEqual({ writes: [3], rows: [3, 3] });
});

test("rows that fail are tried again in the background, and the view is current all the same", async () => {
  let fails = true;
  const cause = new Error("the rows cannot be written");
  const { keeper, notices, stored, rows } = await world([], {
    bringForward: async () => {
      if (fails) throw cause;
      return true;
    },
  });
  await keeper.follow(foldedAt(3), undefined);
  const [view] = await stored.views.get(["d"], call);
  expect(await keeper.catchUp({ folded: foldedAt(3), view })).toBe("current");
  expect(notices).toEqual([{ type: "rows-behind", id: "d", version: 3, cause }]);
  // readers of the view do not wait for them
  await keeper.settled(undefined, limit());
  expect(rows).toEqual([3, 3]);
  fails = false;
  pauses[0]?.end();
  expect(await keeper.rowsSettled(limit())).toBe(true);
  expect(rows).toEqual([3, 3, 3]);
});

test("bringing forward says whether anything was written: the view, or rows", async () => {
  const rowsBehind = [false, true, false];
  const { keeper, rows } = await world([], { bringForward: async () => rowsBehind.shift() ?? false });
  // inserted, so looked at once more
  expect(await keeper.bringForward()).toBe(true);
  expect(await keeper.bringForward()).toBe(true);
  expect(await keeper.bringForward()).toBe(false);
  expect(rows).toEqual([3, 3, 3]);
});

test("bringing forward a view over a lower one writes it once, and its rows too", async () => {
  const { keeper, stored, rows, writes } = await world(["current"]);
  await stored.views.write(viewAt(1), "lower", call);
  expect(await keeper.bringForward()).toBe(true);
  expect({ rows, writes }).toEqual({ rows: [3], writes: [3] });
});

test("bringing forward a view that is refused is an error with a remedy; one that stays behind is told", async () => {
  for (const [outcome, code, details] of [
    ["refused", "constraint", { id: "d", where: "at version 3" }],
    ["behind", "storage_busy", { id: "d", where: "at version 3" }],
    ["drift", "drift", { id: "d", version: 3, found: "changed" }],
  ] as const) {
    const { keeper, writes } = await world([outcome]);
    await expect(keeper.bringForward()).rejects.toMatchObject({ code, details });
    expect(writes).toEqual([3]);
  }
});

test("a view that somebody changed is told of, not tried again, and its rows follow", async () => {
  const { keeper, notices, rows, writes } = await world();
  expect(await keeper.follow(foldedAt(3), { view: "drift" })).toBe("drift");
  expect(notices).toEqual([{ type: "view-drift", id: "d", version: 3 }]);
  expect({ rows, writes, pauses }).toEqual({ rows: [3], writes: [], pauses: [] });
});

test("a view that is gone because a newer writer took it away did not drift", async () => {
  const { keeper, notices, version } = await world();
  expect(await keeper.follow(foldedAt(1), { view: "drift" })).toBe("current");
  expect(notices).toEqual([]);
  expect(await version()).toBe(3);
});

test("what is refused, or was changed, while it is tried again is not tried for ever", async () => {
  for (const outcome of ["refused", "drift"] as const) {
    pauses.splice(0);
    const { keeper, writes } = await world([new Error("down"), outcome]);
    await keeper.follow(foldedAt(3), undefined);
    pauses[0]?.end();
    await keeper.settled(["d"], limit());
    expect(writes).toEqual([3, 3]);
  }
});

test("a reader waits a second at most for a view that cannot be written, and half of its own time", async () => {
  const { keeper } = await world([new Error("down"), new Error("still down")]);
  await keeper.follow(foldedAt(3), undefined);
  for (const [timeoutMs, longest] of [
    [10_000, 1_000],
    [600, 300],
  ] as const) {
    const before = pauses.length;
    const waiting = keeper.settled(["d"], deadlineOfCall({ timeoutMs }));
    await vi.waitFor(() => expect(pauses.length).toBeGreaterThan(before));
    const wait = pauses.slice(before).reduce((a, b) => (a.ms < b.ms ? a : b));
    expect(wait.ms).toBeLessThanOrEqual(longest);
    expect(wait.ms).toBeGreaterThan(longest * 0.8);
    wait.end();
    await waiting;
  }
});

test("rows that were written with their event are not written again, whatever became of the view", async () => {
  for (const view of ["current", "inserted", "drift", "refused"] as const) {
    const { keeper, rows } = await world();
    expect(await keeper.follow(foldedAt(3), { view, rows: true })).toBe(
      view === "inserted" ? "current" : view,
    );
    expect(rows).toEqual([]);
  }
});

test("rows that were not written with their event follow it", async () => {
  const { keeper, rows, writes } = await world();
  await keeper.follow(foldedAt(3), { view: "current", rows: false });
  expect({ rows, writes }).toEqual({ rows: [3], writes: [] });
});

test("without projections there are no rows to follow", async () => {
  const { keeper, rows, writes } = await world([], { projections: [] });
  expect(await keeper.follow(foldedAt(3), { view: "current" })).toBe("current");
  expect(await keeper.follow(foldedAt(3), undefined)).toBe("current");
  expect({ rows, writes }).toEqual({ rows: [], writes: [3] });
});

test("rows that cannot follow their event are told of, and brought forward in the background", async () => {
  const cause = new Error("the rows cannot be written");
  const { keeper, rows, notices } = await world([], { follow: () => Promise.reject(cause) });
  expect(await keeper.follow(foldedAt(3), { view: "current" })).toBe("current");
  expect(notices).toEqual([{ type: "rows-behind", id: "d", version: 3, cause }]);
  pauses[0]?.end();
  expect(await keeper.rowsSettled(limit())).toBe(true);
  expect(rows).toEqual([3, 3]);
});

test.each([
  new ConstraintError({ operation: "write rows", id: "d", where: "here", reason: "no", remedy: "None." }),
  new DriftError({ id: "d", version: 3, found: "changed" }),
  new SchemaTooNewError({ id: "d", found: 3, known: 1 }),
  new MigrationError({ id: "d", from: 1, reason: "it threw" }),
])("rows for which another try is of no use are only told of: $code", async (cause) => {
  const { keeper, notices } = await world([], { bringForward: () => Promise.reject(cause) });
  await keeper.bringRowsForward(foldedAt(2));
  expect(notices).toEqual([{ type: "rows-behind", id: "d", version: 2, cause }]);
  expect(pauses).toEqual([]);
});

test("close tries pending rows at once too", async () => {
  let tries = 0;
  const { keeper } = await world([], {
    bringForward: async () => {
      if (++tries < 3) throw new Error("down");
      return true;
    },
  });
  await keeper.bringRowsForward(foldedAt(3));
  // the view is inserted by the first try, whose rows fail too
  await keeper.close();
  expect(tries).toBe(2);
});

test("pending tries run in the context in which the store was made", async () => {
  const context = new AsyncLocalStorage<string>();
  const seen: unknown[] = [];
  const { keeper } = await context.run("of the store", () =>
    world([new Error("down")], {
      bringForward: async () => {
        seen.push(context.getStore());
        return true;
      },
    }),
  );
  await context.run("of a call", () => keeper.follow(foldedAt(3), undefined));
  pauses[0]?.end();
  await keeper.settled(["d"], limit());
  expect(seen).toEqual(["of the store"]);
});

test("catching up leaves a deleted document without a view as it is, and writes the missing view of a living one", async () => {
  const gone = { ...foldedAt(3), state: undefined };
  const deleted = await world();
  expect(await deleted.keeper.catchUp({ folded: gone, view: "none" })).toBe("current");
  expect({ writes: deleted.writes, rows: deleted.rows }).toEqual({ writes: [], rows: [3] });
  const living = await world();
  await living.keeper.catchUp({ folded: foldedAt(3), view: "none" });
  expect(living.writes).toEqual([3]);
});

test("a view that turns out refused or changed while it is brought to the head is told of with the reason", async () => {
  const refused = await world(["current", "refused"]);
  expect(await refused.keeper.follow(foldedAt(2), undefined)).toBe("refused");
  expect(refused.notices).toMatchObject([
    { type: "view-refused", id: "d", version: 2, cause: { details: { where: "at version 3" } } },
  ]);
  const drifted = await world(["current", "drift"]);
  expect(await drifted.keeper.follow(foldedAt(2), undefined)).toBe("drift");
  expect(drifted.notices).toEqual([{ type: "view-drift", id: "d", version: 2 }]);
  const behind = await world(["current", "behind"]);
  expect(await behind.keeper.follow(foldedAt(2), undefined)).toBe("behind");
  expect(behind.notices).toMatchObject([
    { type: "view-behind", version: 2, cause: { code: "storage_busy" } },
  ]);
  for (const { keeper } of [refused, drifted]) await keeper.settled(["d"], limit());
});

test("a view that could not be written is not said to be current", async () => {
  for (const outcome of ["behind", "refused", "drift"] as const) {
    const { keeper, writes } = await world([outcome]);
    expect(await keeper.follow(foldedAt(3), undefined)).toBe(outcome);
    expect(writes).toEqual([3]);
  }
});

test("a view that was written with its event needs no look at the head", async () => {
  const { keeper, stored, notices, rows } = await world();
  stored.log.head = () => Promise.reject(new Error("down"));
  expect(await keeper.follow(foldedAt(2), { view: "current" })).toBe("current");
  expect({ notices, rows }).toEqual({ notices: [], rows: [2] });
});

test("a view that was taken away is remembered, and nobody writes it again", async () => {
  const { keeper, version } = await world();
  await keeper.follow(foldedAt(3), { view: "drift" });
  await expect(keeper.bringForward()).rejects.toMatchObject({
    code: "drift",
    details: { id: "d", version: 3, found: "taken" },
  });
  expect(await version()).toBeUndefined();
});

test("a view that was taken away is told of where that cannot be remembered", async () => {
  const { keeper, stored, notices } = await world();
  stored.checkpoints.put = () => Promise.reject(new Error("down"));
  expect(await keeper.follow(foldedAt(3), { view: "drift" })).toBe("drift");
  expect(notices).toEqual([{ type: "view-drift", id: "d", version: 3 }]);
});

test("a view stays as its write found it where its log has nothing to compare it with", async () => {
  for (const [view, state] of [
    ["inserted", "current"],
    ["drift", "drift"],
  ] as const) {
    const { keeper, stored, rows, writes } = await world();
    stored.log.head = async () => undefined;
    expect(await keeper.follow(foldedAt(3), { view })).toBe(state);
    expect({ rows, writes }).toEqual({ rows: [3], writes: [] });
  }
});

function viewAt(version: number) {
  return viewOf({ ...foldedAt(version), state: undefined }, "d", types);
}
