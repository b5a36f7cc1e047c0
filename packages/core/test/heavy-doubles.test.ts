// Two events of one version, where events are so heavy that pages hold few of them.
import { recordOf, type Storage, valueTypes } from "@everdraft/core/adapter";
import { memoryStorage } from "@everdraft/core/memory";
import { expect, onTestFinished, test } from "vitest";
import { createStore } from "../src/index.ts";

const types = valueTypes([]);

/** A storage that holds the event of a version twice, as one may that lost the unique index of slots. */
function doubling(version: number): Storage<string> {
  const beneath = memoryStorage();
  return {
    ...beneath,
    open: async (collection, call) => {
      const opened = await beneath.open(collection, call);
      return {
        ...opened,
        log: {
          ...opened.log,
          records: async (doc, range, limits) => {
            const events = await opened.log.read(doc, { ...range, limit: 1_000 }, limits);
            const doubled = events.flatMap((event) => (event.version === version ? [event, event] : [event]));
            const records = doubled.slice(0, range.limit).map((event) => recordOf(event, types));
            let end = 0;
            const ends = records.map(({ length }) => {
              end += length;
              return end;
            });
            return { bytes: Buffer.concat(records), ends };
          },
        },
      };
    },
  };
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
