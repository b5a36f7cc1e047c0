// The code of docs/guide/changes.md.
import { createStore, isEverdraftError } from "@everdraft/core";
import { formatChanges } from "@everdraft/core/changes";
import { memoryStorage } from "@everdraft/core/memory";
import { expect, test } from "vitest";

interface Order {
  status: string;
  lines: { id: string; qty: number }[];
}

test("the code of the page about changes runs, and shows the lines that it says", async () => {
  const orders = createStore<Order>({ collection: "orders", storage: memoryStorage() });
  const written: unknown[] = [];
  const console = { log: (...values: unknown[]): void => void written.push(values.join(" ")) };
  // #region diff
  await orders.create("o-1", "alice", {
    status: "open",
    lines: [
      { id: "A-17", qty: 1 },
      { id: "B-2", qty: 4 },
    ],
  });
  await orders.edit("o-1", "bob", (draft) => {
    draft.status = "paid";
    draft.lines.reverse();
    for (const line of draft.lines) line.qty += 1;
  });

  const changes = await orders.diff("o-1", { version: 1 }, { version: 2 });
  console.log(formatChanges(changes));
  // ~ status: "open" → "paid"
  // > lines › B-2: from place 1 to 0
  // ~ lines › B-2 › qty: 4 → 5
  // ~ lines › A-17 › qty: 1 → 2
  // #endregion diff
  expect(written.splice(0).join("\n").split("\n")).toEqual([
    '~ status: "open" → "paid"',
    "> lines › B-2: from place 1 to 0",
    "~ lines › B-2 › qty: 4 → 5",
    "~ lines › A-17 › qty: 1 → 2",
  ]);

  // #region blame
  const blame = await orders.blame("o-1");
  const qty = blame?.at(["lines", 0, "qty"]);
  console.log(qty?.value, qty?.event.by, qty?.event.version); // 5 bob 2
  const before = await qty?.previous();
  console.log(before?.value, before?.event.by, before?.path.join(".")); // 4 alice lines.1.qty
  for (const { path, event } of blame ?? []) console.log(path.join("."), event.by);
  // #endregion blame
  expect(written.splice(0)).toEqual([
    "5 bob 2",
    "4 alice lines.1.qty",
    "status bob",
    "lines.0.id alice",
    "lines.0.qty bob",
    "lines.1.id alice",
    "lines.1.qty bob",
  ]);

  // #region history
  for await (const { version, by, changes } of orders.history("o-1", { order: "newest", changes: true })) {
    console.log(version, by, changes.length); // 2 bob 4, then 1 alice 1
    for (const change of changes) if (change.kind === "changed") console.log(change.before, change.after);
  }
  // #endregion history
  expect(written.splice(0)).toEqual(["2 bob 4", "open paid", "4 5", "1 2", "1 alice 1"]);

  // #region place
  for await (const { by, changes } of orders.history("o-1", { path: ["lines", 0, "qty"], changes: true }))
    console.log(by, formatChanges(changes));
  // alice + lines › B-2 › qty: 4
  // bob ~ lines › B-2 › qty: 4 → 5
  // #endregion place
  expect(written.splice(0)).toEqual(["alice + lines › B-2 › qty: 4", "bob ~ lines › B-2 › qty: 4 → 5"]);

  // #region undo
  await orders.edit("o-1", "carol", (draft) => void draft.lines.push({ id: "C-3", qty: 1 }));
  const undone = await orders.undo("o-1", "dave", { version: 2 }, { reason: "not paid after all" });
  console.log(undone.state.status, undone.state.lines.map(({ id, qty }) => `${id}: ${qty}`).join(", "));
  // open A-17: 1, B-2: 4, C-3: 1
  await orders.redo("o-1", "dave");
  // #endregion undo
  expect(written.splice(0)).toEqual(["open A-17: 1, B-2: 4, C-3: 1"]);
  expect((await orders.get("o-1"))?.status).toBe("paid");

  // #region conflict
  await orders.edit("o-1", "erin", (draft) => {
    draft.status = "sent";
  });
  try {
    await orders.undo("o-1", "dave", { version: 2 });
  } catch (error) {
    if (!isEverdraftError(error, "undo_conflict")) throw error;
    for (const { path, set, now, event } of error.conflicts) console.log(path.join("."), set, now, event.by); // status paid sent erin
  }
  await orders.undo("o-1", "dave", { version: 2 }, { onConflict: "keep" });
  // #endregion conflict
  expect(written.splice(0)).toEqual(["status paid sent erin"]);
  expect((await orders.get("o-1"))?.status).toBe("sent");

  // #region activity
  const days = await orders.activity({ bucket: "day", timeZone: "Europe/Berlin" });
  for (const { by, type, count } of days) console.log(by, type, count); // alice created 1, and so on
  // #endregion activity
  expect(written[0]).toBe("alice created 1");
  await orders.close();
});
