// The shortest example of the README; a test runs it.
// #region first-steps
import { createStore } from "@everdraft/core";
import { sqliteStorage } from "@everdraft/sqlite-adapter";

const storage = sqliteStorage("orders.db");
const orders = createStore<{ status: string }>({ collection: "orders", storage });

await orders.create("o-1", "alice", { status: "open" });
await orders.edit("o-1", "bob", (draft) => {
  draft.status = "paid";
});

// the history comes back: who and when, an earlier state, a revert
for await (const { version, at, by } of orders.history("o-1")) console.log(version, at, by);
console.log(await orders.stateAt("o-1", { version: 1 })); // { status: "open" }; a Date works too
const back = await orders.revert("o-1", "carol", { version: 1 });
console.log(back.version, back.state); // 3 { status: "open" }: a new event; versions 1 and 2 stay

await orders.close();
await storage.close();
// #endregion first-steps
