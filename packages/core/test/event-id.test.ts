import { decodeTime } from "ulid";
import { expect, onTestFinished, test, vi } from "vitest";
import { createStore, newId } from "../src/index.ts";
import { memoryStorage } from "../src/memory/memory-storage.ts";
import { createIds } from "../src/model/event-id.ts";

const latest = 2 ** 48 - 1;

test.for([
  [0, 1],
  [-1, 1],
  [-8.64e15, 1],
  [1, 1],
  [1_700_000_000_000.9, 1_700_000_000_000],
  [latest, latest],
  [latest + 1, latest],
  [8.64e15, latest],
])("a clock at %d gives ids of the time %d, each above the one before", ([now = 0, time]) => {
  const next = createIds(() => now);
  const ids = [next(), next(), next()];
  expect(ids.map((id) => decodeTime(id))).toEqual([time, time, time]);
  expect(ids).toEqual([...new Set(ids)].toSorted());
});

test("an id is never below the one before, also where the clock goes back", () => {
  const times = [2_000, 1_000, 3_000, 0];
  const next = createIds(() => times.shift() as number);
  const ids = [next(), next(), next(), next()];
  expect(ids.map((id) => decodeTime(id))).toEqual([2_000, 2_000, 3_000, 3_000]);
  expect(ids).toEqual(ids.toSorted());
});

test("a write tells of a process's clock that gives no time", async () => {
  const store = createStore<{ n: number }>({ collection: "c", storage: memoryStorage() });
  const clock = vi.spyOn(Date, "now").mockReturnValue(Number.NaN);
  onTestFinished(async () => {
    clock.mockRestore();
    await store.close();
  });
  await expect(store.create("d", "alice", { n: 1 })).rejects.toMatchObject({
    code: "options",
    details: { option: "clock" },
  });
});

test("ids for documents are made whatever the process's clock says", () => {
  const clock = vi.spyOn(Date, "now");
  for (const time of [0, -1, 2 ** 60]) {
    clock.mockReturnValue(time);
    expect(newId()).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  }
  clock.mockRestore();
});
