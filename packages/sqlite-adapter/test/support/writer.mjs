// node writer.mjs FILE MODE ARGUMENT…: a process of its own that writes to a store, for tests that end it at any moment.
// It prints a line when an act was acknowledged: what was printed must be there afterwards.
import { createStore } from "@everdraft/core";
import { sqliteStorage } from "@everdraft/sqlite-adapter";

const [file, mode, name, count] = process.argv.slice(2);
const storage = sqliteStorage(file);
const store = createStore({ collection: "logs", storage });
const say = (line) => process.stdout.write(`${line}\n`);

async function append() {
  for (let n = 0; n < Number(count); n++) {
    const token = `${name}-${n}`;
    const id = `d-${n % 3}`;
    await insist(id, token);
    say(`${id} ${token}`);
  }
}

// of several processes without any pause between their acts, one may lose its eight retries; it was told, so it tries again
async function insist(id, token) {
  for (;;) {
    try {
      return await store.edit(id, name, (draft) => {
        draft.tokens.push(token);
      });
    } catch (error) {
      if (error.code !== "conflict") throw error;
    }
  }
}

async function* revisions() {
  for (let n = 1; n <= Number(count); n++) {
    yield {
      id: `i-${n % 7}`,
      at: new Date(1_700_000_000_000 + n),
      by: "importer",
      state: { n, text: "x".repeat(200) },
    };
  }
}

if (mode === "append") await append();
if (mode === "import") {
  await store.import(revisions(), { name: "test", onProgress: ({ events }) => say(`stored ${events}`) });
}
await store.close();
await storage.close();
