// Two runs of one import at once: whoever comes later goes on behind the other's events.
import { memoryStorage } from "@everdraft/core/memory";
import { expect, onTestFinished, test } from "vitest";
import { createStore, type Revision } from "../src/index.ts";

interface Doc {
  readonly n: number;
  readonly text?: string;
}

test("a revision that equals a state from before the other run's events is stored all the same", async () => {
  const storage = memoryStorage();
  const [mine, others] = [1, 2].map(() => createStore<Doc>({ collection: "c", storage }));
  if (mine === undefined || others === undefined) throw new Error("there are two");
  onTestFinished(async () => void (await Promise.all([mine.close(), others.close()])));
  const revision = (i: number, n: number): Revision<Doc> => ({
    id: "d",
    at: new Date(i * 1_000),
    by: "alice",
    state: { n },
  });
  const all = [revision(1, 1), revision(2, 2), revision(3, 3), revision(4, 4), revision(5, 2)];
  /** So heavy that all that waits is stored with it. */
  const heavy = (id: string): Revision<Doc> => ({
    id,
    at: new Date(0),
    by: "alice",
    state: { n: 0, text: "x".repeat(1_100_000) },
  });
  async function* source(): AsyncGenerator<Revision<Doc>> {
    yield* all.slice(0, 2);
    yield heavy("first");
    yield* all.slice(2, 4);
    await others?.import(all.slice(0, 4), { name: "old" });
    yield heavy("second");
    yield* all.slice(4);
  }
  expect(await mine.import(source(), { name: "old" })).toMatchObject({ unchanged: 0, conflicts: [] });
  expect(await mine.read("d")).toMatchObject({ version: 5, state: { n: 2 } });
});
