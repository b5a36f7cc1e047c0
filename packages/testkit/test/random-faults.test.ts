import * as fc from "fast-check";
import { expect, test } from "vitest";
import { eventOf, foldOf, randomFaults, seeded } from "../src/index.ts";
import { call, open } from "./opened-faulty.ts";

test("random faults are the same for the same seed, and as frequent as asked for", () => {
  const rates = {
    commit: { "lose-reply": 0.25, "land-late": 0.25 },
    view: { behind: 1 },
    read: { fail: 0.5 },
  };
  const fates = (seed: number): string[] => {
    const plan = randomFaults(seed, rates);
    return Array.from({ length: 2000 }, (_, n) => plan.commit?.(n) ?? "none");
  };
  expect(fates(7)).toEqual(fates(7));
  expect(fates(7)).not.toEqual(fates(8));
  const count = (fate: string): number => fates(7).filter((one) => one === fate).length;
  expect(Math.abs(count("lose-reply") - 500)).toBeLessThan(80);
  expect(Math.abs(count("land-late") - 500)).toBeLessThan(80);
  expect(count("lose-request")).toBe(0);
  expect(randomFaults(1, rates).view?.(1)).toBe("behind");
});

test("a writer who keeps the slot rule loses and doubles nothing under random faults", async () => {
  const rates = {
    "lose-request": 0.15,
    "lose-reply": 0.15,
    "land-late": 0.15,
    "view-behind": 0.1,
    "answer-again": 0.1,
  };
  const law = fc.asyncProperty(fc.integer(), fc.nat({ max: 4 }), async (seed, landAfter) => {
    const opened = await open(randomFaults(seed, { commit: rates }, { landAfter: landAfter + 1 }));
    const written: string[] = [];
    for (let version = 1; version <= 12; version++) {
      const previous = await opened.truth.log.head("a", 0, call);
      const event = eventOf({ doc: "a", version, previous: previous?.hash ?? null });
      // decided by the slot alone: mine is success, empty is not yet
      for (let mine = false; !mine; ) {
        await opened.log.commit([{ event }], "independent", call).catch(() => undefined);
        const [found] = await opened.log.read("a", { from: version, to: version, limit: 1 }, call);
        mine = found?.id === event.id;
      }
      written.push(event.id);
    }
    await opened.storage.landAll();
    const events = await opened.truth.log.read("a", { from: 1, to: 99, limit: 99 }, call);
    expect(events.map(({ id }) => id)).toEqual(written);
    expect(foldOf(events).version).toBe(12);
  });
  await fc.assert(law, seeded(100));
});
