import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { workerMongo } from "@everdraft/test-server/vitest";
import { Decimal128, Long, MongoClient, ObjectId, UUID } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newFolder, ordersNdjson } from "./support/folder.ts";
import { type Ended, run } from "./support/run.ts";

const timeout = 240_000;
const database = `everdraft-cli-${randomBytes(6).toString("hex")}`;
let client: MongoClient;
let uri: string;

beforeAll(async () => {
  const found = workerMongo().uri;
  client = await MongoClient.connect(found);
  const url = new URL(found);
  url.pathname = `/${database}`;
  uri = url.href;
}, timeout);
afterAll(async () => {
  await client.db(database).dropDatabase();
  await client.close();
}, timeout);

/** Runs the command on a collection of the test's database. */
function on(collection: string, cwd: string): (args: readonly string[], input?: string) => Promise<Ended> {
  return (args, input) =>
    run([...args, "--collection", collection], {
      cwd,
      env: { EVERDRAFT_URI: uri, TMPDIR: cwd },
      ...(input !== undefined && { input }),
    });
}

test("Every command works on MongoDB as a new user tries it", { timeout }, async () => {
  const cwd = newFolder({ "orders.ndjson": ordersNdjson });
  const everdraft = on("orders", cwd);
  const missing = await everdraft(["status"]);
  expect(missing).toMatchObject({ code: 2, err: expect.stringContaining(`There is no collection "orders"`) });

  const init = await everdraft(["init", "--yes"]);
  expect(init).toMatchObject({ code: 0, out: expect.stringContaining("Wrote everdraft.config.ts.") });
  expect(readFileSync(join(cwd, "everdraft.config.ts"), "utf8")).toContain("uri: process.env.EVERDRAFT_URI");
  // from now on the config is enough, and it takes the connection string from the same variable
  const byConfig = await run(["find", "--count"], { cwd, env: { EVERDRAFT_URI: uri } });
  expect(byConfig).toEqual({ code: 0, out: "0\n", err: "" });
  expect((await everdraft(["import", "--jsonl", "orders.ndjson", "--yes", "-q"])).out).toBe(
    "Imported 7 events of 3 documents into orders, from 7 revisions.\n",
  );
  // elsewhere the only collection of the database is meant
  const alone = await run(["find", "--count"], { cwd: newFolder(), env: { EVERDRAFT_URI: uri } });
  expect(alone).toEqual({ code: 0, out: "2\n", err: "" });
  expect((await everdraft(["history", "o-1"])).out).toMatch(
    /^v4 {2}2025-03-03 11:30:00 {2}carol {2}imported/,
  );
  expect((await everdraft(["show", "o-1", "--at", "2", "-q"])).out).toContain('"status": "open"');
  expect((await everdraft(["diff", "o-1", "3", "4"])).out).toContain('~ status: "open" → "paid"\n');
  expect((await everdraft(["find", '{ "lines.sku": "B" }', "--count"])).out).toBe("2\n");
  const edited = await everdraft(["edit", "o-2", "--as", "dora", "--from", "-", "--yes", "-q"], '{ "n": 1 }');
  expect(edited).toEqual({ code: 0, out: "o-2 is at version 2 now.\n", err: "" });
  const reverted = await everdraft(["revert", "o-2", "--to", "1", "--as", "dora", "--yes", "-q"]);
  expect(reverted).toEqual({ code: 0, out: "o-2 is at version 3 now.\n", err: "" });
  expect(await everdraft(["sweep", "--yes", "-q"])).toMatchObject({ code: 0, err: "" });

  const status = await everdraft(["status", "--json"]);
  expect(JSON.parse(status.out)).toMatchObject({
    store: "orders",
    documents: 2,
    events: 9,
    scanned: { everWere: 3, behind: 0 },
    clockOffsetMs: expect.any(Number),
    engine: expect.stringMatching(/^MongoDB /),
  });
  expect(await everdraft(["doctor"])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/All is well, .* everdraft verify --collection orders\n$/),
  });
  expect(await everdraft(["verify"])).toMatchObject({
    code: 0,
    out: "Verified 3 documents: nothing differs.\n",
  });
});

test("A view that was written to by hand is found with exit code 3, and mended", { timeout }, async () => {
  const cwd = newFolder({ "orders.ndjson": ordersNdjson });
  const everdraft = on("drifting", cwd);
  await everdraft(["import", "--jsonl", "orders.ndjson", "--yes", "-q"]);
  await client
    .db(database)
    .collection("drifting")
    .updateOne({ customer: "c-7" }, { $set: { status: "by hand" } });
  const found = await everdraft(["verify", "-q"]);
  expect(found.code).toBe(3);
  expect(found.out).toMatch(/^o-1 {2}v4 {2}drift {2}The view is not what the log gives/);
  const plan = await everdraft(["verify", "--repair", "--dry-run", "-q"]);
  expect(plan.code).toBe(0);
  expect((await everdraft(["verify", "-q"])).code).toBe(3);
  expect(await everdraft(["verify", "--repair", "--yes", "-q"])).toMatchObject({ code: 0 });
  expect((await everdraft(["verify", "-q"])).code).toBe(0);
  expect((await everdraft(["show", "o-1", "-q"])).out).toContain('"status": "paid"');
});

test("A collection without a history comes in with its ids and values, and export gives them back exactly", {
  timeout,
}, async () => {
  const cwd = newFolder();
  const id = new ObjectId("64b000000000000000000001");
  const uuid = new UUID("00112233-4455-4677-8899-aabbccddeeff");
  const old = client.db(database).collection<{ _id: unknown }>("old");
  await old.insertMany([
    { _id: id, big: Long.fromString("9007199254740993"), price: Decimal128.fromString("1.10"), ref: uuid },
    { _id: 42, when: new Date(0), bytes: Buffer.from([0, 255]) },
    { _id: "text", nested: { $date: "no date" } },
  ] as never);
  const everdraft = on("taken", cwd);
  const args = ["import", "--from-collection", "old", "--as", "alice", "--at", "2025-05-01", "--yes", "-q"];
  expect((await everdraft(args)).out).toBe(
    "Imported 3 events of 3 documents into taken, from 3 revisions.\n",
  );
  const exported = await everdraft(["export", "--all", "-q"]);
  const head = '"at":"2025-05-01T00:00:00.000Z","by":"alice"';
  expect(exported.out.split("\n").sort()).toEqual(
    [
      "",
      `{"id":42,${head},"state":{"bytes":{"$binary":{"base64":"AP8=","subType":"00"}},"when":{"$date":"1970-01-01T00:00:00.000Z"}}}`,
      `{"id":"text",${head},"state":{"nested":{"$literal":{"$date":"no date"}}}}`,
      `{"id":{"$oid":"${String(id)}"},${head},"state":{"big":{"$numberLong":"9007199254740993"},"price":{"$numberDecimal":"1.10"},"ref":{"$uuid":"${String(uuid)}"}}}`,
    ].sort(),
  );
  const copy = on("copies", cwd);
  await copy(["import", "--jsonl", "-", "--yes", "-q"], exported.out);
  expect((await copy(["export", "--all", "-q"])).out).toBe(exported.out);
  // ids that are no texts are found by their printed form
  expect((await copy(["show", String(id), "-q"])).out).toContain('"$numberLong": "9007199254740993"');
  expect((await copy(["show", "42", "-q"])).out).toContain('"$date"');
  expect((await copy(["history", JSON.stringify({ $oid: String(id) })])).code).toBe(0);
});

test("A document of a collection that cannot be stored is left out and named, with exit code 1; the others are taken in", {
  timeout,
}, async () => {
  const cwd = newFolder();
  const mixed = client.db(database).collection<{ _id: unknown }>("mixed");
  await mixed.insertMany([
    { _id: "good", n: 1 },
    { _id: { odd: 1 } },
    { _id: "bad", n: /x/ },
    { _id: 1.5 },
  ] as never);
  const everdraft = on("taken-mixed", cwd);
  const done = await everdraft(["import", "--from-collection", "mixed", "--as", "alice", "--yes"]);
  expect(done.code).toBe(1);
  expect(done.out).toBe(
    "Imported 1 event of 2 documents into taken-mixed, from 4 revisions.\n3 revisions could not be stored.\n",
  );
  expect(done.err).toMatch(/^Left out: bad: .*RegExp/m);
  expect(done.err).toMatch(
    /^Left out: \{"odd":1\}: This is no document's id: expected .*ObjectId.*, found object/m,
  );
  expect((await everdraft(["export", "--all", "-q"])).out).toContain('"state":{"n":1}');
  const again = await everdraft(["import", "--from-collection", "mixed", "--as", "alice", "--yes"]);
  expect(again).toMatchObject({
    code: 1,
    out: expect.stringContaining("1 revision had been imported before."),
  });
});

test("A config may bring its own client, which it closes", { timeout }, async () => {
  const cwd = newFolder({ "orders.ndjson": ordersNdjson });
  const driver = JSON.stringify(createRequire(import.meta.url).resolve("mongodb"));
  const adapter = JSON.stringify(join(import.meta.dirname, "../../mongo-adapter/dist/index.js"));
  writeFileSync(
    join(cwd, "everdraft.config.mjs"),
    `import { MongoClient } from ${driver};
     import { mongoStorage } from ${adapter};
     const client = new MongoClient(process.env.MONGO);
     export default {
       stores: { orders: { collection: "own", storage: () => mongoStorage(client.db()) } },
       close: () => client.close(),
     };`,
  );
  const env = { MONGO: uri };
  const imported = await run(["import", "--jsonl", "orders.ndjson", "--yes", "-q"], { cwd, env });
  expect(imported).toMatchObject({ code: 0, err: "" });
  expect((await run(["find", "--count"], { cwd, env })).out).toBe("2\n");
});
