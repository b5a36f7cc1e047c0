// node rebuilder.mjs URI DATABASE …: a process of its own that rebuilds, or writes meanwhile; see
// @everdraft/testkit/rebuild-child.
import { mongoStorage } from "@everdraft/mongo-adapter";
import { runRebuildChild } from "@everdraft/testkit/rebuild-child";
import { MongoClient } from "mongodb";

const [uri, database, ...rest] = process.argv.slice(2);
const client = new MongoClient(uri);
await runRebuildChild(mongoStorage(client.db(database)), rest);
await client.close();
