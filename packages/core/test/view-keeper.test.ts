// The view guard: what a view write answers, what the keeper says and does then, and how it goes on in the background.
import type { StoredCollection, ViewOutcome } from "@everdraft/core/adapter";
import { memoryStorage } from "@everdraft/core/memory";
import { beforeEach, expect, test, vi } from "vitest";
import { fold } from "../src/fold/fold.ts";
import { type Folded, nothing } from "../src/fold/folded.ts";
import { startLimit } from "../src/store/limit.ts";
import type { Notice } from "../src/store/notice.ts";
import { createParts } from "../src/store/parts.ts";
import type { RowKeeper } from "../src/store/row-keeper.ts";
import { createViewKeeper, type ViewKeeper } from "../src/store/view-keeper.ts";
import { threeEvents, types } from "./built-events.ts";

// the pauses that were asked for; each ends when the test says so
const pauses: { readonly ms: number; readonly end: () => void }[] = [];
vi.mock("node:timers", () => ({
  setTimeout: (end: () => void, ms: number) => {
    pauses.push({ ms, end });
    return { unref: () => undefined };
  },
  clearTimeout: () => undefined,
}));
beforeEach(() => void pauses.splice(0));

const call = { timeoutMs: 1_000 };
const limit = () => startLimit(undefined, "d");
const events = threeEvents();
const foldedAt = (version: number): Folded => fold(nothing, events.slice(0, version), "d", types);

/** What a view write does: it answers so without writing, fails, or (left out) writes. */
type Script = readonly (ViewOutcome | Error | "write")[];

interface World {
  readonly keeper: ViewKeeper;
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
  { follow, bringForward }: Partial<Pick<RowKeeper, "follow" | "bringForward">> = {},
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
  const { resources } = createParts({ collection: "kit", storage });
  const keeper = createViewKeeper(
    {
      ...resources,
      opened: async () => ({ ...stored, views }),
      notice: (notice) => void notices.push(notice),
    },
    {
      projections: [],
      prepare: async () => undefined,
      of: () => expect.fail("nobody asks for rows here"),
      follow: async (doc, folded, ...rest) => {
        rows.push(folded.version);
        await follow?.(doc, folded, ...rest);
      },
      bringForward: async (doc, folded, ...rest) => {
        rows.push(folded.version);
        return (await bringForward?.(doc, folded, ...rest)) ?? false;
      },
    },
  );
  const version = async () => (await stored.views.get(["d"], call))[0]?.version;
  return { keeper, stored, notices, writes, rows, version };
}

/** Lets what is under way come to its next pause or to its end. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("a view that was written with its event is not written again; its rows follow", async () => {
  const { keeper, writes, rows, notices } = await world();
  expect(await keeper.follow("d", foldedAt(3), "current", limit())).toBe("current");
  expect({ writes, rows, notices }).toEqual({ writes: [], rows: [3], notices: [] });
});

test("a view that was not asked for yet is written, and then its rows", async () => {
  const { keeper, writes, rows, notices, version } = await world();
  expect(await keeper.follow("d", foldedAt(3), undefined, limit())).toBe("current");
  expect({ writes, rows, notices }).toEqual({ writes: [3], rows: [3], notices: [] });
  expect(await version()).toBe(3);
});

test("what was inserted where nothing was is compared with the head, and brought forward", async () => {
  const { keeper, writes, version, stored } = await world();
  expect(await keeper.follow("d", foldedAt(1), undefined, limit())).toBe("current");
  expect(writes).toEqual([1, 3]);
  expect(await version()).toBe(3);
  expect((await stored.views.get(["d"], call))[0]?.state).toEqual({ n: 3, list: [1, 2] });
});

test("what was inserted at the head is not written again", async () => {
  const { keeper, writes, rows } = await world();
  expect(await keeper.follow("d", foldedAt(3), "inserted", limit())).toBe("current");
  expect({ writes, rows }).toEqual({ writes: [], rows: [3] });
});

test("a view that its collection refuses is told of, and its rows follow", async () => {
  const { keeper, rows, notices } = await world();
  expect(await keeper.follow("d", foldedAt(2), "refused", limit())).toBe("refused");
  expect(notices).toEqual([{ type: "view-refused", id: "d", version: 2 }]);
  expect(rows).toEqual([2]);
  await keeper.settled(undefined, limit());
});

test("a view that is behind is told of, and brought forward in the background", async () => {
  const { keeper, notices, writes, version } = await world();
  expect(await keeper.follow("d", foldedAt(2), "behind", limit())).toBe("behind");
  expect(notices).toEqual([{ type: "view-behind", id: "d", version: 2, cause: undefined }]);
  expect(writes).toEqual([]);
  pauses[0]?.end();
  await keeper.settled("d", limit());
  expect(await version()).toBe(3);
});

test("a failing write is tried again after longer and longer pauses, none longer than five seconds", async () => {
  const down = new Error("the server is down");
  const tries = 10;
  const { keeper, notices, writes, version } = await world(Array(tries).fill(down));
  expect(await keeper.follow("d", foldedAt(3), undefined, limit())).toBe("behind");
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
  await keeper.follow("d", foldedAt(2), undefined, limit());
  await keeper.follow("d", foldedAt(3), undefined, limit());
  expect(notices).toHaveLength(2);
  expect(pauses).toHaveLength(1);
  pauses[0]?.end();
  await keeper.settled("d", limit());
  expect(writes).toEqual([2, 3, 3]);
});

test("settled waits for the document that it is asked about, and no longer than its call may take", async () => {
  const { keeper } = await world([new Error("down"), new Error("still down")]);
  await keeper.settled(undefined, limit());
  await keeper.settled("d", limit());
  await keeper.follow("d", foldedAt(3), undefined, limit());
  await keeper.settled("another", limit());
  for (const doc of ["d", undefined]) {
    const stop = new AbortController();
    const waiting = keeper.settled(doc, startLimit({ signal: stop.signal }));
    stop.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
  }
});

test("close tries what is pending at once, waits for that try, and then gives up", async () => {
  const one = await world([new Error("down")]);
  await one.keeper.follow("d", foldedAt(3), undefined, limit());
  await one.keeper.close();
  expect(one.writes).toEqual([3, 3]);
  expect(await one.version()).toBe(3);

  const other = await world([new Error("down"), new Error("down"), new Error("down")]);
  await other.keeper.follow("d", foldedAt(3), undefined, limit());
  await other.keeper.close();
  expect(other.writes).toEqual([3, 3]);
  expect(await other.version()).toBeUndefined();
});

test("what fails after the close began is tried once more, without a pause", async () => {
  const { keeper, writes } = await world([new Error("down"), new Error("down"), new Error("down")]);
  await keeper.close();
  expect(await keeper.follow("d", foldedAt(3), undefined, limit())).toBe("behind");
  await keeper.settled("d", limit());
  expect(writes).toEqual([3, 3]);
});

test("a failure while the store is open is not the last try", async () => {
  const { keeper, writes } = await world([new Error("down"), new Error("down")]);
  await keeper.follow("d", foldedAt(3), undefined, limit());
  pauses[0]?.end();
  await vi.waitFor(() => expect(pauses).toHaveLength(2));
  pauses[1]?.end();
  await keeper.settled("d", limit());
  expect(writes).toEqual([3, 3, 3]);
});

test("catching up writes a view that is behind its head, and of one that is not only the rows", async () => {
  const behind = await world();
  expect(await behind.keeper.catchUp("d", { folded: foldedAt(3), view: undefined }, limit())).toBe("current");
  expect(behind.writes).toEqual([3]);
  const [view] = await behind.stored.views.get(["d"], call);
  expect(await behind.keeper.catchUp("d", { folded: foldedAt(3), view }, limit())).toBe("current");
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
  await keeper.follow("d", foldedAt(3), undefined, limit());
  const [view] = await stored.views.get(["d"], call);
  expect(await keeper.catchUp("d", { folded: foldedAt(3), view }, limit())).toBe("current");
  expect(notices).toEqual([{ type: "view-behind", id: "d", version: 3, cause }]);
  fails = false;
  pauses[0]?.end();
  await keeper.settled("d", limit());
  expect(rows).toEqual([3, 3, 3]);
});

test("bringing forward says whether anything was written: the view, or rows", async () => {
  const rowsBehind = [false, true, false];
  const { keeper, rows } = await world([], { bringForward: async () => rowsBehind.shift() ?? false });
  // inserted, so looked at once more
  expect(await keeper.bringForward("d", limit())).toBe(true);
  expect(await keeper.bringForward("d", limit())).toBe(true);
  expect(await keeper.bringForward("d", limit())).toBe(false);
  expect(rows).toEqual([3, 3, 3]);
});

test("bringing forward a view over a lower one writes the rows too", async () => {
  const { keeper, stored, rows } = await world(["current"]);
  await stored.views.write({ ...viewAt(1), digest: "", state: undefined }, "lower", call);
  expect(await keeper.bringForward("d", limit())).toBe(true);
  expect(rows).toEqual([3]);
});

test("bringing forward a view that is refused is an error with a remedy; one that stays behind is told", async () => {
  const refused = await world(["refused"]);
  await expect(refused.keeper.bringForward("d", limit())).rejects.toMatchObject({ code: "constraint" });
  const behind = await world(["behind"]);
  await expect(behind.keeper.bringForward("d", limit())).rejects.toThrow("the view is behind");
});

function viewAt(version: number) {
  const { at, by, eventId, schema, since } = foldedAt(version);
  return { id: "d", version, at, by, eventId, schema, head: "", digest: "", since, state: undefined };
}
