// Readers of documents whose views this process could not write yet.
import { onAbort, type Storage } from "@everdraft/core/adapter";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import type { Wait } from "../src/context/wait.ts";
import { createCallStart } from "../src/store/begin-call.ts";
import { createParts } from "../src/store/parts.ts";
import { createReading } from "../src/store/reading.ts";
import { createWriting } from "../src/store/writing.ts";
import { wrappedMemory } from "./support/wrapped-memory.ts";

// the pauses of readers, which end at once; those between two tries of a write last until the store closes
const waits: number[] = [];
const wait: Wait = (ms, until) =>
  new Promise((end) => {
    if (ms > 100) {
      waits.push(ms);
      setImmediate(end);
    } else if (until !== undefined) onAbort(until, end);
  });
beforeEach(() => void waits.splice(0));

/** A storage that writes no views, and tells which events its views have seen. */
function withoutViews(): Storage<string> {
  return wrappedMemory(
    ({ log, views }) => ({
      log: {
        ...log,
        commit: (appends, order, limits) =>
          log.commit(
            appends.map(({ event }) => ({ event })),
            order,
            limits,
          ),
      },
      views: {
        ...views,
        slots: async (ids, limits) =>
          (await views.get(ids, limits)).map((view) => view && { version: view.version, hash: "" }),
        write: async () => Promise.reject(new Error("the server is down")),
      },
    }),
    { atomic: false, scans: false },
  );
}

for (const onlyWriter of [false, true]) {
  const whose = onlyWriter ? "a store that alone writes views" : "a store beside others";
  for (const documents of [3, 501])
    test(`${whose} waits once for ${documents} documents with pending views, a second at most`, async () => {
      const parts = createParts(
        { collection: "kit", storage: withoutViews(), onlyWriter, sweep: false },
        wait,
      );
      onTestFinished(() => parts.close());
      const writing = createWriting(parts);
      const ids = Array.from({ length: documents }, (_, i) => `d-${i}`);
      const written = await Promise.all(ids.map((id) => writing.create(id, "alice", {})));
      expect(new Set(written.map(({ view }) => view))).toEqual(new Set(["behind"]));

      const { getMany } = createReading(parts, createCallStart(parts));
      expect(await getMany(ids, { timeoutMs: 60_000 })).toEqual(ids.map(() => undefined));
      expect(waits).toEqual([1_000]);
    });
}
