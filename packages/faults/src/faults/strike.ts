import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { loadEngine } from "@everdraft/sqlite-adapter/engine";
import type { MongoClient } from "mongodb";
import { now } from "../history.ts";
import { between } from "../random.ts";
import type { World } from "../world.ts";
import type { Scene } from "./fault.ts";

const { DatabaseSync } = await loadEngine();

/** Strikes the server, the disk or the file, again and again, until the run is over. The parent of the writers calls it. */
export type Strike = (world: World, scene: Scene) => Promise<void>;

/** The faults that the parent strikes with, by name. The others lie in the network or in the writers. */
export const strikes: Readonly<Record<string, Strike>> = {
  "server-stopped": async ({ server }, { random, struck }) => {
    const from = now();
    server?.pause();
    await delay(between(random, 300, 2_500));
    server?.resume();
    struck(from, now());
  },
  "server-killed": async ({ server }, { random, struck }) => {
    const from = now();
    await server?.kill();
    await delay(between(random, 50, 800));
    await server?.start();
    struck(from, now());
  },
  "failpoint-close": (world, scene) => failing(world, scene, { closeConnection: true }),
  "failpoint-write-concern": (world, scene) =>
    failing(world, scene, { writeConcernError: { code: 64, errmsg: "waiting for replication timed out" } }),
  "index-dropped": async ({ client, target }, { struck }) => {
    if (target.storage !== "mongodb") return;
    const events = client?.db(target.database).collection("logs.events");
    for (const { name, unique } of (await events?.indexes()) ?? []) {
      if (unique === true && name !== undefined && name !== "_id_") await events?.dropIndex(name);
    }
    struck(now());
  },
  "disk-full": async ({ disk, server, client }, { random, acts, struck }) => {
    if (disk === undefined) return;
    const from = now();
    const filler = join(disk, "filler");
    // made while there is room, so that it is the log that runs full
    if (client !== undefined) await client.db("ballast").collection("ballast").insertOne({});
    fill(filler);
    if (client !== undefined) await useUp(client);
    await Promise.race([acts(60), delay(between(random, 400, 1_500))]);
    rmSync(filler, { force: true });
    struck(from, now());
    // a server whose log could not be written is of no use until it is started again
    await server?.kill();
    await server?.start();
    // else the ballast, not the log, would fill the disk in the end
    await client?.db("ballast").dropDatabase();
  },
  busy: async ({ target }, { random, struck }) => {
    if (target.storage !== "sqlite") return;
    const database = new DatabaseSync(target.file, { timeout: 5_000 });
    database.exec("BEGIN IMMEDIATE");
    const from = now();
    await delay(between(random, 100, 1_600));
    database.exec("COMMIT");
    struck(from, now());
    database.close();
  },
};

async function failing({ client }: World, { random, acts, struck }: Scene, data: object): Promise<void> {
  const admin = client?.db("admin");
  // an event and its view are one command where the server takes that
  const failCommands = ["bulkWrite", random() < 0.7 ? "insert" : "update"];
  const mode = { times: between(random, 1, 3) };
  const from = now();
  await admin?.command({ configureFailPoint: "failCommand", mode, data: { failCommands, ...data } });
  await acts(4);
  await admin?.command({ configureFailPoint: "failCommand", mode: "off" });
  struck(from, now());
}

/** Uses up the part of the disk that a server had set aside for itself, until it refuses. */
async function useUp(client: MongoClient): Promise<void> {
  const ballast = client.db("ballast").collection("ballast");
  try {
    for (let n = 0; n < 400; n++)
      await ballast.insertOne({ bytes: randomBytes(1 << 16) }, { timeoutMS: 3_000 });
  } catch {
    // the server refuses: that was the aim
  }
}

/** Writes until the disk takes no more. */
function fill(path: string): void {
  const file = openSync(path, "a");
  const bytes = Buffer.alloc(1 << 20, 1);
  for (let size = bytes.length; size >= 512; ) {
    try {
      writeSync(file, bytes, 0, size);
    } catch {
      size >>= 1;
    }
  }
  fsyncSync(file);
  closeSync(file);
}
