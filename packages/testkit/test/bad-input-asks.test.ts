import type { Storage, StoredCollection } from "@everdraft/core/adapter";
import { memoryStorage } from "@everdraft/core/memory";
import { expect, test, vi } from "vitest";
import { onEveryStorage } from "../src/bad-input/describe-bad-input.ts";
import type { BadInputRow } from "../src/bad-input/row.ts";
import { badInput } from "../src/bad-input/rows.ts";
import { setScene } from "../src/bad-input/scene.ts";
import { onFreshStore } from "../src/store-sections/store-bench.ts";

/** A storage in memory that counts the calls of its collections. */
function counted(): { readonly storage: Storage<string>; readonly asked: { times: number } } {
  const [sound, asked] = [memoryStorage(), { times: 0 }];
  const counting = <P extends object>(part: P): P =>
    new Proxy(part, {
      get(target, name, self) {
        const member: unknown = Reflect.get(target, name, self);
        if (typeof member === "object" && member !== null) return counting(member);
        if (typeof member !== "function") return member;
        return (...given: unknown[]) => {
          asked.times++;
          return member.apply(target, given);
        };
      },
    });
  const open: typeof sound.open = async (...given) => counting<StoredCollection>(await sound.open(...given));
  return { storage: { ...sound, open }, asked };
}

/** How often the call of a row asks its storage before it is refused. */
async function asks(row: BadInputRow): Promise<number> {
  const { storage, asked } = counted();
  let times = 0;
  await onFreshStore(
    { name: "counted", open: async () => ({ storage, close: () => storage.close() }) },
    async (bench) => {
      const scene = await setScene(bench);
      await row.prepare?.(scene);
      asked.times = 0;
      await expect((async () => row.provoke(scene))()).rejects.toThrow();
      times = asked.times;
      await row.goOn?.(scene);
    },
  );
  return times;
}

vi.setConfig({ testTimeout: 600_000 });

test("the rows that run on every storage are those that ask the storage before they are refused", async () => {
  const subjects = Object.entries(onEveryStorage());
  const wrong: string[] = [];
  for (const [subject, onEvery] of subjects) {
    for (const row of badInput[subject] ?? []) {
      if ((await asks(row)) > 0 !== onEvery.includes(row)) wrong.push(`${subject}: ${row.title}`);
    }
  }
  expect(subjects.length).toBeGreaterThan(5);
  expect(wrong).toEqual([]);
});
