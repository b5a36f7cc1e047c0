// The look for the head begins at the version of the view, so that it costs the same however long the history is.
import type { StoredCollection, View } from "@everdraft/core/adapter";
import { memoryStorage } from "@everdraft/core/memory";
import { expect, test } from "vitest";
import { onDocument } from "../src/context/on-document.ts";
import { fold } from "../src/fold/fold.ts";
import { nothing } from "../src/fold/folded.ts";
import { loadHead } from "../src/history/load-head.ts";
import { deadlineOfCall } from "../src/port/deadline.ts";
import { viewOf } from "../src/projection/view-of.ts";
import { createParts } from "../src/store/parts.ts";
import { threeEvents, types } from "./built-events.ts";

const call = { timeoutMs: 1_000 };
const events = threeEvents();
const viewAt = (version: number): View =>
  viewOf(fold(nothing, events.slice(0, version), "d", types), "d", types);

/** A document of so many events with this view, and the versions from which its head is looked for. */
async function world(length: number, view: View | undefined) {
  const storage = memoryStorage();
  const stored = await storage.open("kit", call);
  if (length > 0)
    await stored.log.commit(
      events.slice(0, length).map((event) => ({ event })),
      "chain",
      call,
    );
  if (view !== undefined) await stored.views.write(view, "any", call);
  const floors: number[] = [];
  const log: StoredCollection["log"] = {
    ...stored.log,
    head: async (doc, known, ...rest) => {
      floors.push(known);
      const found = await stored.log.head(doc, known, ...rest);
      // as a storage that looks no lower than it is told
      return found !== undefined && found.version < known ? undefined : found;
    },
  };
  const { resources } = createParts({ collection: "kit", storage });
  const on = onDocument(
    { ...resources, opened: async () => ({ ...stored, log }) },
    "d",
    deadlineOfCall(undefined, "d"),
  );
  return { load: () => loadHead(on), floors };
}

test.each([
  ["up to date", 3, 3, [3]],
  ["behind", 3, 1, [1]],
])("a view that is %s is the floor", async (_, length, seen, asked) => {
  const { load, floors } = await world(length, viewAt(seen));
  expect((await load()).folded).toMatchObject({ version: length });
  expect(floors).toEqual(asked);
});

test("without a view all of the log is looked at", async () => {
  const { load, floors } = await world(3, undefined);
  expect(await load()).toMatchObject({ folded: { version: 3 }, view: "none" });
  expect(floors).toEqual([0]);
});

test.each([
  [
    "above the head is told with the head",
    2,
    { version: 3 },
    { code: "view_ahead", details: { view: 3, head: 2 } },
  ],
  [
    "of a log that is gone is told as such",
    0,
    { version: 3 },
    { code: "view_ahead", details: { view: 3, head: 0 } },
  ],
  ["whose version is no whole number is no floor", 3, { version: 2.5 }, { code: "drift" }],
  ["without a history is no floor", 3, { version: 0 }, { code: "drift" }],
])("a view %s", async (_, length, change, error) => {
  const { load, floors } = await world(length, Object.assign({}, viewAt(3), change));
  await expect(load()).rejects.toMatchObject(error);
  expect(floors).toEqual(Number.isInteger(change.version) && change.version > 0 ? [change.version, 0] : [0]);
});
