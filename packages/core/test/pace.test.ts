import { describe, expect, test } from "vitest";
import { createPace, type Pace } from "../src/port/pace.ts";

/** A clock that work moves, and an event loop whose turns are counted. */
function loop(): { work(ms: number): void; readonly turns: number; readonly pace: Pace } {
  let [now, turns] = [0, 0];
  const pace = createPace({
    now: () => now,
    after: (callback) =>
      setImmediate(() => {
        turns++;
        callback();
      }),
    soon: (callback) => queueMicrotask(() => process.nextTick(callback)),
  });
  return {
    pace,
    work: (ms) => {
      now += ms;
    },
    get turns() {
      return turns;
    },
  };
}

/** The lengths of the turns in which works go on, as lists of who worked in each. */
async function turnsOf(works: Readonly<Record<string, number>>, steps: number): Promise<readonly string[]> {
  const { pace, work } = loop();
  const turns = [""];
  let ended = false;
  const turn = (): void => {
    turns.push("");
    if (!ended) setImmediate(turn);
  };
  setImmediate(turn);
  await Promise.all(
    Object.entries(works).map(async ([name, ms]) => {
      for (let i = 0; i < steps; i++) {
        if (pace.isDue()) await pace.turn();
        work(ms);
        turns[turns.length - 1] += name;
      }
    }),
  );
  ended = true;
  return turns.filter((worked) => worked !== "");
}

describe("the pace of long work", () => {
  test("goes on in the same turn until ten milliseconds are over", async () => {
    expect(await turnsOf({ a: 2 }, 12)).toEqual(["aaaaa", "aaaaa", "aa"]);
  });

  test("gives each piece a turn of its own where it is longer than that", async () => {
    expect(await turnsOf({ a: 30 }, 3)).toEqual(["a", "a", "a"]);
  });

  test("has works that go on at the same time share each turn, so that it is no longer than that of one", async () => {
    const turns = await turnsOf({ a: 4, b: 4, c: 4 }, 6);
    expect(turns.map(({ length }) => length)).toEqual([3, 3, 3, 3, 3, 3]);
    expect([..."abc"].map((name) => turns.join("").split(name).length - 1)).toEqual([6, 6, 6]);
  });

  test("gives the next turn to the work that has waited longest", async () => {
    expect(await turnsOf({ a: 12, b: 12 }, 3)).toEqual(["a", "a", "b", "a", "b", "b"]);
  });

  test("begins to count with the first look of a turn, so that idle time is nobody's", async () => {
    const { pace, work } = loop();
    expect(pace.isDue()).toBe(false);
    await new Promise((resolve) => setImmediate(resolve));
    work(500);
    expect(pace.isDue()).toBe(false);
    work(10);
    expect(pace.isDue()).toBe(true);
  });
});
