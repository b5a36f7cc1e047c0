// node writer.mjs URI DATABASE NAME COUNT: a process of its own that appends tokens to three documents, for tests that
// run several. It prints a line when an act was acknowledged: what was printed must be there afterwards.
import { createStore } from "@everdraft/core";
import { mongoStorage } from "@everdraft/mongo-adapter";
import { MongoClient } from "mongodb";

const [uri, database, name, count] = process.argv.slice(2);
const client = new MongoClient(uri);
const storage = mongoStorage(client.db(database));
const store = createStore({ collection: "logs", storage });

// of several processes without any pause one may lose all its retries, or run out of time; it was told, so it asks
async function insist(id, token) {
  for (;;) {
    try {
      return await store.edit(id, name, (draft) => void draft.tokens.push(token));
    } catch (error) {
      if (error.code === "indeterminate") {
        const { id, eventId, version } = error.details;
        if ((await store.resolve(id, { eventId, version }, { settle: name })).outcome === "stored") return;
      } else if (error.code !== "conflict") throw error;
    }
  }
}

for (let n = 0; n < Number(count); n++) {
  const id = `d-${n % 3}`;
  await insist(id, `${name}-${n}`);
  process.stdout.write(`${id} ${name}-${n}\n`);
}
await store.close();
await storage.close();
await client.close();
