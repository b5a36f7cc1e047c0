// node editor.mjs FILE: a process of its own that edits document "d" of a store each time it is told to, by a line. It
// answers each by a line: the version that was acknowledged, or the code of the error. The end of its input ends it in order.
import { createInterface } from "node:readline";
import { createStore } from "@everdraft/core";
import { sqliteStorage } from "@everdraft/sqlite-adapter";

const storage = sqliteStorage(process.argv[2]);
const store = createStore({ collection: "orders", storage });
const edit = async (text) => {
  try {
    const { version } = await store.edit("d", "other", (draft) => void draft.texts.push(text));
    return String(version);
  } catch (error) {
    return error.code;
  }
};
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${await edit(line)}\n`);
}
await store.close();
await storage.close();
