import type { Snapshot } from "@everdraft/core/adapter";
import { expect, test } from "vitest";
import { call, newPath, ordersAt, rawAt } from "./support/fixtures.ts";

const snapshot = (version: number, at: number, fields: Partial<Snapshot> = {}): Snapshot => ({
  doc: "o-1",
  version,
  at,
  by: "alice",
  eventId: `event-${version}`,
  hash: `hash-${version}`,
  schema: 1,
  digest: "digest",
  state: { n: version, when: new Date(at) },
  format: 1,
  ...fields,
});

test("the snapshots around a moment are the nearest on both sides, by version and by date", async () => {
  const { snapshots } = await ordersAt(newPath());
  const [one, two, three] = [snapshot(10, 100), snapshot(20, 200), snapshot(30, 200)];
  for (const each of [one, two, three, snapshot(15, 150, { doc: "o-2" })]) await snapshots.put(each, call);
  expect(await snapshots.around("o-1", { version: 9 }, call)).toStrictEqual({});
  expect(await snapshots.around("o-1", { version: 20 }, call)).toStrictEqual({ before: two });
  expect(await snapshots.around("o-1", { version: 99 }, call)).toStrictEqual({ before: three });
  expect(await snapshots.around("o-1", { date: 99 }, call)).toStrictEqual({ after: 10 });
  expect(await snapshots.around("o-1", { date: 199 }, call)).toStrictEqual({ before: one, after: 20 });
  // of several with one time the last
  expect(await snapshots.around("o-1", { date: 200 }, call)).toStrictEqual({ before: three });
  expect(await snapshots.around("o-3", { date: 200 }, call)).toStrictEqual({});
});

test("a snapshot of the same version is replaced, and one or all of a document are dropped", async () => {
  const { snapshots } = await ordersAt(newPath());
  for (const version of [1, 2, 3]) await snapshots.put(snapshot(version, version), call);
  const other = snapshot(3, 3, { hash: "another", state: {} });
  await snapshots.put(other, call);
  expect((await snapshots.around("o-1", { version: 9 }, call)).before).toEqual(other);
  await snapshots.drop("o-1", 3, call);
  expect((await snapshots.around("o-1", { version: 9 }, call)).before?.version).toBe(2);
  await snapshots.drop("o-1", "all", call);
  expect(await snapshots.around("o-1", { version: 9 }, call)).toEqual({});
});

test("a snapshot of a newer format, and one whose state cannot be read, are given back for the library to judge", async () => {
  const path = newPath();
  const { snapshots } = await ordersAt(path);
  await snapshots.put(snapshot(1, 1, { format: 7 }), call);
  expect((await snapshots.around("o-1", { version: 1 }, call)).before).toEqual(snapshot(1, 1, { format: 7 }));
  rawAt(path).exec(`UPDATE "orders.snapshots" SET state = x'ff'`);
  expect((await snapshots.around("o-1", { version: 1 }, call)).before).toEqual(
    snapshot(1, 1, { format: 7, state: {} }),
  );
});
