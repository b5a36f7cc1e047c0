import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { workerMongo } from "@everdraft/test-server/vitest";
import { type Document, MongoClient } from "mongodb";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startProxy } from "../../mongo-adapter/test/support/proxy.ts";
import { newFolder, ordersNdjson } from "./support/folder.ts";
import { type Ended, run, runOnTerminal } from "./support/run.ts";

const timeout = 240_000;
const interrupt = "\u0003";
const database = `everdraft-cli-${randomBytes(6).toString("hex")}`;
let client: MongoClient;
let uri: string;

beforeAll(async () => {
  client = await MongoClient.connect(workerMongo().uri);
  const url = new URL(workerMongo().uri);
  url.pathname = `/${database}`;
  uri = url.href;
}, timeout);
afterAll(async () => {
  await client.db(database).dropDatabase();
  await client.close();
}, timeout);

/** A folder with a config of one store with a projection, in a collection with documents from before it. */
async function filled(collection: string, ndjson: string) {
  const cwd = newFolder({ "in.ndjson": ndjson });
  const env = { EVERDRAFT_URI: uri };
  const imported = await run(["import", "--collection", collection, "--jsonl", "in.ndjson", "--yes", "-q"], {
    cwd,
    env,
  });
  expect(imported).toMatchObject({ code: 0, err: "" });
  writeFileSync(
    join(cwd, "everdraft.config.mjs"),
    `export default { stores: { orders: {
      uri: process.env.SHOP, collection: "${collection}",
      projections: [{
        name: "lines", version: 1, indexes: [{ keys: { sku: 1 } }],
        rows: ({ lines }, { id }) => lines.map(({ sku, qty }) => ({ order: id, sku, qty })),
      }],
    } } };`,
  );
  const options = { cwd, env: { SHOP: uri } };
  return { options, everdraft: (...args: string[]): Promise<Ended> => run(args, options) };
}

test("Rows are built, found wrong with exit code 3, and mended", { timeout }, async () => {
  const { everdraft } = await filled("mending", ordersNdjson);
  expect(await everdraft("rebuild", "--yes", "-q")).toMatchObject({ code: 0 });
  expect((await everdraft("projections", "list", "-q")).out).toBe("lines  v1  3 rows\n");
  const rows = client.db(database).collection("mending.rows.lines.v1");
  expect((await rows.indexes()).map(({ key }) => Object.keys(key))).toContainEqual(["sku"]);
  await rows.updateOne({ sku: "A" }, { $set: { qty: 99 } });
  const found = await everdraft("verify", "-q");
  expect(found.code).toBe(3);
  expect(found.out).toMatch(/^o-1 {2}v4 {2}rows of lines {2}.* --repair would: /);
  expect((await everdraft("verify", "--repair", "--yes", "-q")).code).toBe(0);
  expect((await everdraft("verify", "-q")).code).toBe(0);
  expect(await rows.findOne({ sku: "A" })).toMatchObject({ qty: 3 });
});

test("An index that is missing is told by doctor, with the command that makes it", { timeout }, async () => {
  const { everdraft } = await filled("indexless", ordersNdjson);
  expect((await everdraft("doctor", "-q")).out).toContain("can be reached");
  // opening makes a missing index, so one of another form is put in its place
  const events = client.db(database).collection("indexless.events");
  await events.dropIndex("doc_1_version_1");
  await events.createIndex({ doc: 1, version: 1 }, { name: "doc_1_version_1" });
  const sick = await everdraft("doctor", "-q");
  expect(sick.code).toBe(3);
  expect(sick.out).toMatch(/is not unique/);
  expect(sick.out).toContain("createIndex(");
});

test("A server whose updates are not atomic is named by doctor with the remedy, and another one is not", {
  timeout,
}, async () => {
  const isProbe = ({ update, updates }: Document): boolean =>
    update === "everdraft.checkpoints" && String(updates?.[0]?.q?._id).startsWith("probe-");
  const proxy = await startProxy(uri, {
    // each of several changes of one state is told to have met it
    answer: (command) => (isProbe(command) ? { n: 1, nModified: 1, ok: 1 } : undefined),
  });
  onTestFinished(() => proxy.stop());
  const { options, everdraft } = await filled("raced", ordersNdjson);
  const notAtomic = /carries out several changes that ask for the same state of a document/;
  expect((await everdraft("rebuild", "--yes", "-q")).code).toBe(0);
  expect(await everdraft("doctor", "-q")).toMatchObject({
    code: 0,
    out: expect.not.stringMatching(notAtomic),
  });
  const url = new URL(proxy.uri);
  url.pathname = `/${database}`;
  const wrong = await run(["doctor", "-q"], { cwd: options.cwd, env: { SHOP: url.href } });
  expect(wrong.code).toBe(3);
  expect(wrong.out).toMatch(new RegExp(`^ {2}✘ .* ${notAtomic.source}`, "m"));
  expect(wrong.out).toMatch(/^ {4}mend it: Move the database to a server whose updates are atomic\./m);
});

test("A view that an index refuses is told by doctor and verify with the index and the remedy", {
  timeout,
}, async () => {
  const { everdraft } = await filled("located", ordersNdjson);
  // as where the index was there before the documents
  await client.db(database).collection("located").deleteMany({});
  await client.db(database).collection("located").createIndex({ customer: "2dsphere" });
  const index = /its index "customer_2dsphere" takes only GeoJSON or a pair of coordinates.*drop the index/;
  const doctor = await everdraft("doctor", "-q");
  expect(doctor.code).toBe(3);
  expect(doctor.out).toMatch(new RegExp(`2 views are behind, that of o-1: .*${index.source}`));
  const status = await everdraft("status", "--json", "-q");
  expect(JSON.parse(status.out).scanned).toMatchObject({ behind: 2, first: "o-1" });
  const verified = await everdraft("verify", "--repair", "--yes", "-q");
  expect(verified.code).toBe(3);
  expect(verified.out).toMatch(new RegExp(`^o-2 {2}v0 {2}behind {2}.*${index.source}`, "m"));
});

test("Ctrl-C ends a rebuild in order on MongoDB, and two that go on share the rest", {
  timeout,
}, async () => {
  const line = (i: number): string =>
    JSON.stringify({ id: `d-${i}`, at: "2025-01-01", by: "alice", state: { lines: [{ sku: "A", qty: i }] } });
  const many = 60;
  const { options, everdraft } = await filled(
    "stopped",
    Array.from({ length: many }, (_, i) => line(i)).join("\n"),
  );
  const args = ["rebuild", "lines", "--range-size", "2", "--concurrency", "1", "--yes"];
  const stopped = await runOnTerminal(args, options, [[/ [1-9]\d*\/60 documents/, interrupt]]);
  expect(stopped.screen).toContain(`Interrupted. Go on with: everdraft ${args.join(" ")}`);
  expect(stopped.code).toBe(130);
  const ends = await Promise.all([everdraft(...args, "-q"), everdraft(...args, "-q")]);
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  expect((await everdraft("projections", "list", "-q")).out).toBe("lines  v1  60 rows\n");
  expect((await everdraft("verify", "-q")).code).toBe(0);
});
