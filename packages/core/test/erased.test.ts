// An event whose payload was taken away: states before it are read as ever, those that need it cannot be told.
import { recordOf, type StoredEvent } from "@everdraft/core/adapter";
import { expect, onTestFinished, test } from "vitest";
import { createStore } from "../src/index.ts";
import { digestLength, headerLength } from "../src/model/header.ts";
import { readRecord } from "../src/model/read-record.ts";
import { payloadState } from "../src/model/record.ts";
import { types } from "./built-events.ts";
import { wrappedMemory } from "./support/wrapped-memory.ts";

/** The event without salt and payload, as docs/format.md describes it. */
function erased(event: StoredEvent): StoredEvent {
  const record = recordOf(event, types);
  const kept = record.subarray(0, headerLength(record) + digestLength);
  const { doc, version } = event;
  return readRecord(Buffer.concat([kept, Uint8Array.of(payloadState.erased)]), { doc, version }, types);
}

/** Seven versions of a counter, one an hour, of which the fifth is erased. */
async function counter() {
  let hour = 0;
  const storage = wrappedMemory(({ log }) => {
    const shown = (event: StoredEvent): StoredEvent => (event.version === 5 ? erased(event) : event);
    return {
      log: {
        ...log,
        read: async (doc, range, call) => (await log.read(doc, range, call)).map(shown),
      },
    };
  });
  const store = createStore<{ n: number }>({
    collection: "counters",
    storage,
    clock: () => hour++ * 3_600_000,
  });
  onTestFinished(() => store.close());
  await store.create("c", "alice", { n: 1 });
  for (let n = 2; n <= 7; n++)
    await store.edit("c", "alice", (draft) => {
      draft.n = n;
    });
  return { store, storage };
}

test("the states before it are read by version and by date, compared and gone back to", async () => {
  const { store, storage } = await counter();
  const [before, after] = await Promise.all(
    [4, 5].map((n) => store.history("c", { after: n - 1, before: n + 1 }).toArray()),
  );
  expect(before).toHaveLength(1);
  expect(after).toHaveLength(1);
  expect(await store.stateAt("c", { version: 4 })).toEqual({ n: 4 });
  const between = new Date(((before?.[0]?.at.getTime() ?? 0) + (after?.[0]?.at.getTime() ?? 0)) / 2);
  expect(await store.stateAt("c", between)).toEqual({ n: 4 });
  expect(await store.diff("c", { version: 3 }, { version: 4 })).toMatchObject([{ before: 3, after: 4 }]);
  const other = createStore<{ n: number }>({ collection: "counters", storage, clock: () => 99 * 3_600_000 });
  onTestFinished(() => other.close());
  expect(await other.revert("c", "bob", { version: 4 })).toMatchObject({ version: 8, state: { n: 4 } });
  expect(await store.revert("c", "bob", { version: 3 })).toMatchObject({ version: 9, state: { n: 3 } });
});

test("the states behind it cannot be told, and the error names it", async () => {
  const { store } = await counter();
  for (const version of [5, 6, 7])
    await expect(store.stateAt("c", { version })).rejects.toMatchObject({
      code: "erased",
      details: { version: 5 },
    });
});
