import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { BSON, type Db, MongoClient } from "mongodb";

/** A collection as a dump holds it. */
interface Dumped {
  readonly name: string;
  readonly indexes: readonly Readonly<Record<string, unknown>>[];
  readonly documents: readonly BSON.Document[];
}

/** The tools that run: MongoDB's own where they are on the PATH, else programs that do the same with the options used here. */
export const toolsAre: string =
  isOnPath("mongodump") && isOnPath("mongorestore") ? "MongoDB's own" : "stand-ins";

/** Runs mongodump or mongorestore as operations.md gives it, in a folder, on the database of a connection string. */
export async function runTool(words: readonly string[], cwd: string, uri: string): Promise<void> {
  const [tool, ...given] = words.map((word) => word.replace('"$EVERDRAFT_URI"', uri));
  if (toolsAre !== "stand-ins") {
    execFileSync(tool as string, given, { cwd, stdio: "pipe" });
    return;
  }
  const archive = join(
    cwd,
    given.find((word) => word.startsWith("--archive="))?.slice("--archive=".length) ?? "",
  );
  const known =
    tool === "mongodump" ? ["--uri=", "--gzip", "--archive="] : ["--uri=", "--gzip", "--archive=", "--drop"];
  for (const word of given)
    if (!known.some((option) => word.startsWith(option)))
      throw new Error(`${tool} is not known to take ${word}`);
  const client = await MongoClient.connect(uri);
  try {
    if (tool === "mongodump") await dump(client.db(), archive);
    else await restore(client.db(), archive);
  } finally {
    await client.close();
  }
}

async function dump(db: Db, archive: string): Promise<void> {
  const collections: Dumped[] = [];
  for (const { name } of await db.listCollections().toArray()) {
    const collection = db.collection(name);
    const indexes = (await collection.indexes()).filter((index) => index.name !== "_id_");
    collections.push({
      name,
      indexes,
      documents: await collection.find({}, { promoteValues: false }).toArray(),
    });
  }
  writeFileSync(archive, gzipSync(BSON.EJSON.stringify(collections, { relaxed: false })));
}

async function restore(db: Db, archive: string): Promise<void> {
  const collections: readonly Dumped[] = BSON.EJSON.parse(gunzipSync(readFileSync(archive)).toString(), {
    relaxed: false,
  });
  for (const { name, indexes, documents } of collections) {
    await db.collection(name).drop();
    await db.createCollection(name);
    for (const { key, v: _version, ns: _namespace, ...options } of indexes)
      await db.collection(name).createIndex(key as Record<string, 1>, options);
    if (documents.length > 0)
      await db.collection(name).insertMany([...documents], { forceServerObjectId: true });
  }
}

function isOnPath(tool: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, tool)));
}
