// What a program has to write for each driver, compiled as a program of its own.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const common = `
import { createStore } from "@everdraft/core";
import { mongoStorage } from "@everdraft/mongo-adapter";
`;

const withMongodb = `${common}
import { BSON, MongoClient, type ObjectId, type UUID } from "mongodb";
interface Order { ref: ObjectId; n: number }
const client = new MongoClient("mongodb://127.0.0.1:1");
const storage = mongoStorage(client.db("shop"), { BSON, atomicViews: true });
const orders = createStore<Order, string | number | ObjectId | UUID>({ collection: "orders", storage });
await orders.get(new BSON.ObjectId());
await orders.create(new BSON.UUID(), new BSON.ObjectId(), { ref: new BSON.ObjectId(), n: 1 });
createStore<Order>({ collection: "orders", storage: mongoStorage(client.db("shop")) });
// @ts-expect-error a client is no database
mongoStorage(client);
// @ts-expect-error a date is no id
await orders.get(new Date());
`;

const withMongoose = `${common}
import mongoose from "mongoose";
interface Order { ref: mongoose.mongo.ObjectId; n: number }
const { db } = mongoose.connection;
if (db === undefined) throw new Error("connect first");
const storage = mongoStorage(db, { BSON: mongoose.mongo.BSON });
const orders = createStore<Order, string | mongoose.Types.ObjectId>({ collection: "orders", storage });
await orders.get(new mongoose.Types.ObjectId());
await orders.create("o-1", new mongoose.Types.ObjectId(), { ref: new mongoose.Types.ObjectId(), n: 1 });
// @ts-expect-error there is none before the connection is open
mongoStorage(mongoose.connection.db);
`;

const require = createRequire(import.meta.url);
const folderOf = (name: string): string => realpathSync(dirname(require.resolve(`${name}/package.json`)));

/** The errors of a program whose packages are these. */
function errorsOf(source: string, packages: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "everdraft-types-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "node_modules", "@everdraft"), { recursive: true });
  for (const [name, from] of Object.entries(packages))
    symlinkSync(folderOf(from), join(folder, "node_modules", name), "dir");
  const compilerOptions = {
    target: "ES2023",
    module: "NodeNext",
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.mts"] }));
  writeFileSync(join(folder, "program.mts"), source);
  try {
    execFileSync(process.execPath, [join(folderOf("typescript"), "bin", "tsc"), "-p", folder], {
      encoding: "utf8",
    });
    return "";
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout);
  }
}

const ours = { "@everdraft/core": "@everdraft/core", "@everdraft/mongo-adapter": "@everdraft/mongo-adapter" };

test.each([
  ["mongodb 7", withMongodb, { mongodb: "mongodb" }],
  ["mongodb 6", withMongodb, { mongodb: "mongodb6" }],
  ["mongoose 8", withMongoose, { mongoose: "mongoose8" }],
  ["mongoose 9", withMongoose, { mongoose: "mongoose9" }],
])("the storage is typed for %s", (_, source, packages) => {
  expect(errorsOf(source, { ...ours, ...packages })).toBe("");
});
