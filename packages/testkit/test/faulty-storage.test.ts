// Each fault does its own damage and nothing worse: the wrapped storage itself stores.
import { type Append, StorageError } from "@everdraft/core/adapter";
import { describe, expect, test } from "vitest";
import { appendsOf, chainOf, eventOf, scriptedFaults, viewAfter } from "../src/index.ts";
import { call, type Opened, open } from "./opened-faulty.ts";

const chain = chainOf("a", 3);
const first = appendsOf(chain, 1, 1);

async function stored({ truth }: Opened): Promise<number[]> {
  return (await truth.log.read("a", { from: 1, to: 99, limit: 99 }, call)).map(({ version }) => version);
}

async function seen({ truth }: Opened): Promise<number | undefined> {
  return (await truth.views.get(["a"], call))[0]?.version;
}

function send(opened: Opened, appends: readonly Append[] = first) {
  return opened.log.commit(appends, "independent", call);
}

describe("a commit", () => {
  test("that passes is stored with its view", async () => {
    const opened = await open({});
    expect(await send(opened)).toEqual([{ event: "stored", view: "inserted" }]);
    expect([await stored(opened), await seen(opened)]).toEqual([[1], 1]);
    expect(opened.storage.struck.commit.pass).toBe(1);
  });

  test("whose request is lost rejects, and stores nothing", async () => {
    const opened = await open(scriptedFaults({ commit: ["lose-request"] }));
    await expect(send(opened)).rejects.toThrow(StorageError);
    expect([await stored(opened), await seen(opened)]).toEqual([[], undefined]);
    expect(await send(opened)).toEqual([{ event: "stored", view: "inserted" }]);
    expect(opened.storage.struck.commit).toMatchObject({ "lose-request": 1, pass: 1 });
  });

  test("whose reply is lost rejects, and is stored", async () => {
    const opened = await open(scriptedFaults({ commit: ["lose-reply"] }));
    await expect(send(opened)).rejects.toThrow(StorageError);
    expect([await stored(opened), await seen(opened)]).toEqual([[1], 1]);
    expect(await send(opened)).toEqual([{ event: "taken", by: "id" }]);
  });

  test("that lands late rejects, and is stored when it is let land", async () => {
    const opened = await open(scriptedFaults({ commit: ["land-late"] }));
    await expect(send(opened)).rejects.toThrow(StorageError);
    expect([await stored(opened), opened.storage.late()]).toEqual([[], 1]);
    await opened.storage.landAll();
    expect([await stored(opened), await seen(opened), opened.storage.late()]).toEqual([[1], 1, 0]);
  });

  test("that lands late after two further calls is there for the second of them", async () => {
    const opened = await open(scriptedFaults({ commit: ["land-late"] }, { landAfter: 2 }));
    await expect(send(opened)).rejects.toThrow(StorageError);
    expect(await opened.log.head("a", 0, call)).toBeUndefined();
    expect((await opened.log.head("a", 0, call))?.version).toBe(1);
  });

  test("that lands late on a slot that was taken meanwhile leaves no trace", async () => {
    const opened = await open(scriptedFaults({ commit: ["land-late"] }));
    const late = eventOf({ doc: "a", reason: "late" });
    await expect(send(opened, [{ event: late, view: viewAfter(late, { late: true }) }])).rejects.toThrow(
      StorageError,
    );
    await send(opened);
    await opened.storage.landAll();
    expect((await opened.truth.log.head("a", 0, call))?.id).toBe(first[0]?.event.id);
    expect((await opened.truth.views.get(["a"], call))[0]?.state).toEqual({ n: 1 });
  });

  test("whose view is behind stores the event, and the answer says so", async () => {
    const opened = await open(scriptedFaults({ commit: ["view-behind"] }));
    const bare = { event: eventOf({ doc: "b" }) };
    expect(await send(opened, [...first, bare])).toEqual([
      { event: "stored", view: "behind" },
      { event: "stored" },
    ]);
    expect([await stored(opened), await seen(opened)]).toEqual([[1], undefined]);
  });

  test("that is answered again is stored, and called taken", async () => {
    const opened = await open(scriptedFaults({ commit: ["answer-again"] }));
    expect(await send(opened)).toEqual([{ event: "taken", by: "id" }]);
    expect([await stored(opened), await seen(opened)]).toEqual([[1], 1]);
  });

  test("of a chain that is answered again is stored, and called taken and unsent", async () => {
    const opened = await open(scriptedFaults({ commit: ["answer-again"] }));
    const outcomes = await opened.log.commit(appendsOf(chain), "chain", call);
    expect(outcomes.map(({ event }) => event)).toEqual(["taken", "unsent", "unsent"]);
    expect(await stored(opened)).toEqual([1, 2, 3]);
  });

  test("in doubt may also end as unknown", async () => {
    const opened = await open(
      scriptedFaults({ commit: ["lose-reply", "lose-request"] }, { doubt: "unknown" }),
    );
    const unknown = { event: "unknown", cause: expect.any(StorageError) };
    expect(await send(opened)).toEqual([unknown]);
    expect(await send(opened, appendsOf(chain, 2, 2))).toEqual([unknown]);
    expect(await stored(opened)).toEqual([1]);
  });
});

describe("a view write", () => {
  const view = viewAfter(eventOf({ doc: "a" }), { n: 1 });

  test.each([
    ["behind", undefined],
    ["lose-request", undefined],
    ["lose-reply", 1],
    ["land-late", undefined],
  ] as const)("with the fault %s does what it says", async (fault, version) => {
    const opened = await open(scriptedFaults({ view: [fault] }));
    if (fault === "behind") expect(await opened.views.write(view, "lower", call)).toBe("behind");
    else await expect(opened.views.write(view, "lower", call)).rejects.toThrow(StorageError);
    expect(await seen(opened)).toBe(version);
    await opened.storage.landAll();
    expect(await seen(opened)).toBe(fault === "land-late" ? 1 : version);
    expect(opened.storage.struck.view[fault]).toBe(1);
  });
});

test("every other call can fail, and does nothing then", async () => {
  const opened = await open({ read: () => "fail" });
  await send(opened);
  const { log, views, snapshots, checkpoints } = opened;
  const calls = [
    log.read("a", { from: 1, to: 2, limit: 2 }, call),
    log.head("a", 0, call),
    log.byId("a", "x", call),
    log.documents({ limit: 1 }, call),
    log.changes({ order: "oldest", limit: 1 }, call),
    views.get(["a"], call),
    views.find({ filter: {}, sort: [], limit: 1 }, call),
    views.count({}, call),
    snapshots.around("a", { version: 1 }, call),
    snapshots.drop("a", "all", call),
    checkpoints.get("x", call),
    checkpoints.put("x", {}, call),
  ];
  for (const settled of await Promise.allSettled(calls)) {
    expect(settled).toMatchObject({ status: "rejected", reason: { code: "storage" } });
  }
  expect(opened.storage.struck.read).toEqual({ pass: 0, fail: calls.length });
  expect(await opened.truth.checkpoints.get("x", call)).toBeUndefined();
});

test("what is still late at the close never lands", async () => {
  const opened = await open(scriptedFaults({ commit: ["land-late"] }));
  await expect(send(opened)).rejects.toThrow(StorageError);
  await opened.storage.close();
  await opened.storage.landAll();
  expect(opened.storage.late()).toBe(0);
});
