// Two events of one version, where events are so heavy that pages hold few of them.
import type { Storage } from "@everdraft/core/adapter";
import { expect, onTestFinished, test } from "vitest";
import { createStore } from "../src/index.ts";
import { recordsOf, wrappedMemory } from "./support/wrapped-memory.ts";

/** A storage that holds the event of a version twice, as one may that lost the unique index of slots. */
function doubling(version: number): Storage<string> {
  return wrappedMemory(({ log }) => ({
    log: {
      ...log,
      records: async (doc, range, limits) => {
        const events = await log.read(doc, { ...range, limit: 1_000 }, limits);
        const doubled = events.flatMap((event) => (event.version === version ? [event, event] : [event]));
        return recordsOf(doubled.slice(0, range.limit));
      },
    },
  }));
}

test("verify names a doubled version among events of which a page holds one", async () => {
  const store = createStore<{ text: string }>({ collection: "texts", storage: doubling(68) });
  onTestFinished(() => store.close());
  await store.create("t", "alice", { text: "" });
  for (let n = 2; n <= 70; n++)
    await store.edit("t", "alice", (draft) => {
      // more than a page of a replay is held to
      draft.text = `${n}`.padEnd(1_100_000, "-");
    });
  expect(await store.verify("t")).toMatchObject({ ok: false, findings: [{ kind: "doubled", version: 68 }] });
}, 60_000);
