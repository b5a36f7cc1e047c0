import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { loadEngine } from "@everdraft/sqlite-adapter/engine";
import { expect, test } from "vitest";
import { filledFolder, newFolder, orders, ordersNdjson } from "./support/folder.ts";
import { run } from "./support/run.ts";

const { DatabaseSync } = await loadEngine();

const timeout = 120_000;
const at = (second: number): string => new Date(Date.UTC(2025, 0, 1, 0, 0, second)).toISOString();

test("Import reads the file of an export back exactly: exported again it is the same to the byte", {
  timeout,
}, async () => {
  const state = {
    bytes: { $binary: { base64: "AAEC/w==", subType: "00" } },
    empty: {},
    long: "ü\u2028\n".repeat(50),
    dates: [{ $date: "1970-01-01T00:00:00.000Z" }, { $date: { $numberLong: "-62135596800000" } }],
    looksLike: { $literal: { $date: "soon" } },
    nested: { $literal: { $literal: { $literal: { $oid: 1 } } } },
    notForms: { $date: 1, other: 2 },
    numbers: [0.1, 1e300, { $numberDouble: "NaN" }, { $numberDouble: "-Infinity" }],
    operators: { $gt: { $numberLonger: null } },
  };
  const lines = [
    { id: "a", at: at(1), by: "alice", state, reason: "made", meta: { ticket: 7, when: { $date: at(0) } } },
    { id: "a", at: at(2), by: "bob", state: { ...state, added: [] } },
    { id: "a", at: at(2), by: "bob", state: null, reason: "gone" },
    { id: "a", at: at(3), by: "alice", state: { back: true } },
    { id: "ü b", at: at(1), by: "alice", state: {} },
  ].map((line) => `${JSON.stringify(sorted(line))}\n`);
  const cwd = newFolder({ "in.ndjson": lines.join("") });
  const first = await run(["import", ...orders, "--jsonl", "in.ndjson", "--yes", "-q"], { cwd });
  expect(first).toMatchObject({ code: 0, err: "" });
  const exported = await run(["export", "--all", "-q", ...orders], { cwd });
  expect(exported.out).toBe(lines.join(""));
  const copy = ["--uri", "sqlite:copy.db", "--collection", "copies"];
  await run(["import", ...copy, "--jsonl", "-", "--yes", "-q"], { cwd, input: exported.out });
  expect((await run(["export", "--all", "-q", ...copy], { cwd })).out).toBe(exported.out);
  const one = await run(["export", "ü b", "-q", ...orders], { cwd });
  expect(one.out).toBe(lines.at(-1));
});

/** As export orders them: the facts of a line as they are, and keys inside states by name. */
function sorted(line: { state: unknown }): object {
  return { ...line, state: sortedState(line.state) };
}

function sortedState(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedState);
  if (value === null || typeof value !== "object") return value;
  const forms = ["$binary"];
  const keys = Object.keys(value);
  const order = keys.some((key) => forms.includes(key)) ? keys : keys.sort();
  return Object.fromEntries(order.map((key) => [key, sortedState(Reflect.get(value, key))]));
}

test("An import that is run again stores nothing twice, and takes new revisions", { timeout }, async () => {
  const cwd = await filledFolder();
  const args = ["import", ...orders, "--jsonl", "orders.ndjson", "--yes", "-q", "--json"];
  expect(JSON.parse((await run(args, { cwd })).out)).toEqual({
    documents: 3,
    revisions: 7,
    events: 0,
    unchanged: 0,
    skipped: 7,
    refused: 0,
    leftOut: [],
    conflicts: [],
  });
  writeFileSync(
    join(cwd, "orders.ndjson"),
    `${ordersNdjson}${JSON.stringify({ id: "o-2", at: "2025-03-09T00:00:00Z", by: "bob", state: {} })}\n`,
  );
  expect(JSON.parse((await run(args, { cwd })).out)).toMatchObject({ events: 1, skipped: 7 });
  // a document that was edited meanwhile is skipped
  await run(["edit", "o-1", "--as", "dora", "--from", "-", "--yes", ...orders], { cwd, input: "{}" });
  const conflict = await run(
    args.filter((arg) => arg !== "-q"),
    { cwd },
  );
  expect(conflict.code).toBe(1);
  expect(JSON.parse(conflict.out)).toMatchObject({ conflicts: [{ id: "o-1", version: 5 }] });
  expect(conflict.err).toContain('Document "o-1" has events that are not of this import');
});

test("Lines that are no revisions are named, and nothing at all is imported", { timeout }, async () => {
  const bad = [
    '{ "id": "a", "at": "2025-01-01", "by": "x", "state": {} }',
    "{ not json",
    '{ "at": "2025-01-01", "by": "x", "state": {} }',
    '{ "id": "a", "at": "then", "by": "x", "state": {} }',
    '{ "id": "a", "at": "2025-01-01", "state": {} }',
    '{ "id": "a", "at": "2025-01-01", "by": "x", "state": 3 }',
  ];
  const cwd = newFolder({ "bad.ndjson": bad.join("\n") });
  const ended = await run(["import", ...orders, "--jsonl", "bad.ndjson", "--yes"], { cwd });
  expect(ended).toMatchObject({ code: 1, out: "" });
  expect(ended.err).toMatch(/^5 lines of bad\.ndjson cannot be read, so nothing was imported:\n {2}line 2: /);
  expect(ended.err).toMatch(
    /line 3: id is missing\.\n {2}line 4: at is no date .*\n {2}line 5: by is missing\.\n/,
  );
  expect(await run(["status", ...orders], { cwd })).toMatchObject({ code: 2 });
  const none = await run(["import", ...orders, "--jsonl", "none.ndjson", "--yes"], { cwd });
  expect(none).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^The file "none\.ndjson" cannot be read: ENOENT/),
  });
});

test("A line that a store would refuse half-way is named before anything is imported", {
  timeout,
}, async () => {
  const line = (id: unknown, at: string, state: string) =>
    `{ "id": ${JSON.stringify(id)}, "at": "${at}", "by": "x", "state": ${state} }`;
  const bad = [
    line("a", "2025-02-30", "{}"),
    line(42, "2025-01-01", "{}"),
    line("b", "2999-01-01", "{}"),
    line("c", "2025-01-01", '{ "n": 9007199254740993 }'),
    line("d", "2025-02-01", '{ "text": "9007199254740993", "n": 10000000000000000000000 }'),
    line("d", "2025-01-01", "{}"),
    line("", "2025-01-01", "{}"),
    line("e", "2025-01-01", '{ "_everdraft": 3 }'),
    line("e", "2025-01-01", '{ "due": { "$date": "2025-02-30T00:00:00Z" } }'),
    line("e", "2025-01-01", '{ "n": 1e400 }'),
    '{ "id": "f", "at": "2025-01-01", "by": "x", "state": {}, "reasn": "" }',
  ];
  const cwd = newFolder({ "bad.ndjson": bad.join("\n") });
  for (const last of ["--yes", "--dry-run"]) {
    const ended = await run(["import", ...orders, "--jsonl", "bad.ndjson", last], { cwd });
    expect(ended).toMatchObject({ code: 1, out: "" });
    expect(ended.err).toMatch(
      /^10 lines .* line 1: at is no date .* line 2: .* takes no numbers as ids.* line 3: at is in the future.* line 4: It has an integer .* line 6: at is before .* line 7: .* it is empty.* line 8: .* with a top-level _everdraft: .* line 9: .*an ISO 8601 date.* line 10: .* too large .* line 11: it has a field "reasn"; there are id, /s,
    );
    expect(ended.err).not.toMatch(/9007|1e400/);
  }
});

test("The fault of a line is told without a piece of it", { timeout }, async () => {
  const bad = [
    '{ "id": "h", "at": "2025-01-01", "by": "x", "state": { "password": swordfish } }',
    "swordfish",
    '{ "id": "g", "at": "2025-01-01", "by": "x", "state": { "n": 12345678901234567.89 } }',
  ];
  const cwd = newFolder({ "bad.ndjson": bad.join("\n") });
  const ended = await run(["import", ...orders, "--jsonl", "bad.ndjson", "--yes"], { cwd });
  expect(ended).toMatchObject({ code: 1, out: "" });
  expect(ended.err).toMatch(
    /line 1: This is not JSON: Unexpected .*\n {2}line 2: This is not JSON: .*\n {2}line 3: It has a number with more digits than a number can hold \(column 61\)\. /,
  );
  expect(ended.err).not.toMatch(/password|swordfish|12345/);
});

test("Bytes that are no UTF-8 are refused with their line, and nothing is put in for them", {
  timeout,
}, async () => {
  const cwd = await filledFolder();
  const line = '{ "id": "a", "at": "2025-01-01", "by": "x", "state": { "name": "J\u00fcrgen" } }\n';
  writeFileSync(join(cwd, "latin.ndjson"), Buffer.from(`\n${line}`, "latin1"));
  const imported = await run(["import", ...orders, "--jsonl", "latin.ndjson", "--yes"], { cwd });
  expect(imported).toMatchObject({ code: 1, err: expect.stringMatching(/line 2: It is not UTF-8\.\n$/) });
  const edit = ["edit", "o-2", "--as", "dora", "--from", "latin.ndjson", "--yes", ...orders];
  expect(await run(edit, { cwd })).toEqual({ code: 2, out: "", err: "It is not UTF-8.\n" });
});

test("Results that cannot be written are exit code 1, with a word", { timeout }, async () => {
  const cwd = await filledFolder();
  for (const args of [
    ["export", "--all"],
    ["find", "--json"],
    ["show", "o-1"],
  ]) {
    const ended = await run([...args, ...orders], { cwd, into: "/dev/full" });
    expect(ended).toMatchObject({
      code: 1,
      err: expect.stringMatching(/The results could not be written: .*ENOSPC.*They are incomplete\.\n$/),
    });
  }
});

test("Another file under the name of one that was imported is a conflict, and loses nothing", {
  timeout,
}, async () => {
  const cwd = await filledFolder();
  writeFileSync(join(cwd, "orders.ndjson"), ordersNdjson.replaceAll("c-9", "c-10"));
  const ended = await run(["import", ...orders, "--jsonl", "orders.ndjson", "--yes", "-q"], { cwd });
  expect(ended.code).toBe(1);
  expect(ended.err).toMatch(
    /^Revision 1 of document "o-2" is another than the one .*\nRevision 1 of document "o-3" /,
  );
  expect(ended.err).not.toContain("o-1");
});

test("A gzipped file with a byte order mark is read as it is", { timeout }, async () => {
  const cwd = newFolder();
  writeFileSync(join(cwd, "orders.ndjson.gz"), gzipSync(`\ufeff${ordersNdjson}`));
  const { code, out } = await run(["import", ...orders, "--jsonl", "orders.ndjson.gz", "--yes", "-q"], {
    cwd,
  });
  expect({ code, out }).toEqual({
    code: 0,
    out: "Imported 7 events of 3 documents into orders, from 7 revisions.\n",
  });
});

test("A table of a file that knows nothing of Everdraft yet is taken in at once", { timeout }, async () => {
  const cwd = newFolder();
  const database = new DatabaseSync(join(cwd, "orders.db"));
  database.exec("CREATE TABLE old (_id TEXT PRIMARY KEY, doc TEXT); INSERT INTO old VALUES ('a', '{}')");
  database.close();
  const args = ["import", ...orders, "--from-collection", "old", "--as", "alice", "--yes", "-q"];
  expect(await run(args, { cwd })).toEqual({
    code: 0,
    err: "",
    out: "Imported 1 event of 1 document into orders, from 1 revision.\n",
  });
});

test("An import from a collection that is run again goes on, though nobody named the time of its documents", {
  timeout,
}, async () => {
  const cwd = newFolder();
  const database = new DatabaseSync(join(cwd, "orders.db"));
  database.exec("CREATE TABLE old (key TEXT PRIMARY KEY, n); INSERT INTO old VALUES ('a', 1)");
  const args = ["import", ...orders, "--from-collection", "old", "--as", "alice", "--yes", "-q"];
  expect((await run(args, { cwd })).out).toMatch(/^Imported 1 event of 1 document /);
  database.exec("INSERT INTO old VALUES ('b', 2), ('c', 9007199254740993), ('d', 4)");
  database.exec("ALTER TABLE old ADD COLUMN _everdraft; UPDATE old SET _everdraft = 1 WHERE key = 'd'");
  database.exec("INSERT INTO old VALUES ('e', 5, NULL)");
  database.close();
  const again = await run(args, { cwd });
  expect(again.out).toBe(
    "Imported 2 events of 4 documents into orders, from 4 revisions.\n1 revision had been imported before.\n2 revisions could not be stored.\n",
  );
  expect(again.code).toBe(1);
  expect(again.err).toMatch(
    /^Left out: d: .*_everdraft.*\nLeft out: c: n is an integer that no number can hold\n$/,
  );
});

test("A table without a history becomes one revision a row", { timeout }, async () => {
  const cwd = await filledFolder();
  const database = new DatabaseSync(join(cwd, "orders.db"));
  database.exec("CREATE TABLE old (number INTEGER PRIMARY KEY, name TEXT, note TEXT, data BLOB)");
  database.exec("INSERT INTO old VALUES (2, 'two', NULL, x'00ff'), (1, 'one', 'first', NULL)");
  database.close();
  const target = ["--uri", "sqlite:orders.db", "--collection", "taken"];
  const args = ["import", ...target, "--from-collection", "old"];
  expect((await run([...args, "--yes"], { cwd })).err).toContain("--as is missing");
  const { code, out } = await run([...args, "--as", "alice", "--at", "2025-05-01", "--yes", "-q"], { cwd });
  expect({ code, out }).toEqual({
    code: 0,
    out: "Imported 2 events of 2 documents into taken, from 2 revisions.\n",
  });
  expect((await run(["export", "--all", "-q", ...target], { cwd })).out).toBe(
    '{"id":"1","at":"2025-05-01T00:00:00.000Z","by":"alice","state":{"name":"one","note":"first"}}\n' +
      '{"id":"2","at":"2025-05-01T00:00:00.000Z","by":"alice","state":{"data":{"$binary":{"base64":"AP8=","subType":"00"}},"name":"two"}}\n',
  );
  const wrong = await run(["import", ...target, "--from-collection", "olde", "--as", "a", "--yes"], { cwd });
  expect(wrong).toMatchObject({
    code: 2,
    err: expect.stringContaining('There is no collection "olde" in sqlite:orders.db; it has '),
  });
  expect(wrong.err).toContain('"old"');
  const itself = await run(["import", ...target, "--from-collection", "taken", "--as", "a", "--yes"], {
    cwd,
  });
  expect(itself.err).toMatch(/^A collection cannot be imported into itself\./);
  const part = ["import", ...target, "--from-collection", "orders.events", "--as", "a", "--yes"];
  expect(await run(part, { cwd })).toMatchObject({
    code: 2,
    err: expect.stringContaining('"orders.events" is a part of the collection "orders"'),
  });
  writeFileSync(
    join(cwd, "everdraft.config.mjs"),
    'export default { stores: { orders: { uri: "sqlite:orders.db", collection: "orders" } } }',
  );
  const both = ["import", "--collection", "new", "--from-collection", "old", "--as", "a", "--yes"];
  expect(await run(both, { cwd })).toMatchObject({
    code: 2,
    err: expect.stringContaining("--collection names the collection that is imported"),
  });
});

test("No column of a table is lost, and no two of its rows become one document", { timeout }, async () => {
  const cwd = newFolder();
  const database = new DatabaseSync(join(cwd, "orders.db"));
  database.exec(`CREATE TABLE pairs (a TEXT, b INT, c TEXT, PRIMARY KEY (a, b));
    INSERT INTO pairs VALUES ('x', 1, 'one'), ('x', 2, 'two');
    CREATE TABLE bare (a TEXT, b INT, PRIMARY KEY (a, b)) WITHOUT ROWID;
    CREATE TABLE mixed (id PRIMARY KEY, n);
    INSERT INTO mixed VALUES (1, 'number'), ('1', 'text'), ('a', 'other'), (NULL, 'none'), (x'0102', 'bytes')`);
  database.close();
  const into = (collection: string) => ["--uri", "sqlite:orders.db", "--collection", collection];
  const take = (name: string) =>
    run(["import", ...into(`of-${name}`), "--from-collection", name, "--as", "a", "--yes", "-q"], { cwd });
  expect(await take("pairs")).toMatchObject({ code: 0 });
  const pairs = await run(["export", "--all", "-q", ...into("of-pairs")], { cwd });
  expect(pairs.out.match(/"state":\{.*?\}/g)).toEqual([
    '"state":{"a":"x","b":1,"c":"one"}',
    '"state":{"a":"x","b":2,"c":"two"}',
  ]);
  expect(await take("bare")).toMatchObject({ code: 2, err: expect.stringMatching(/"bare" have no ids: /) });
  const mixed = await take("mixed");
  expect(mixed).toMatchObject({ code: 1, out: expect.stringMatching(/^Imported 2 events of 2 documents /) });
  for (const why of [/null: .* NULL$/m, /1,2: .* BLOB$/m, /1: .* a text that may read like the number/])
    expect(mixed.err).toMatch(why);
});

test("A collection with a history is taken with its history; a config's store takes it by --collection", {
  timeout,
}, async () => {
  const cwd = await filledFolder();
  writeFileSync(
    join(cwd, "everdraft.config.mjs"),
    'export default { stores: { copies: { uri: "sqlite:orders.db", collection: "copies" } } };',
  );
  const { code } = await run(["import", "--collection", "orders", "--yes", "-q"], { cwd });
  expect(code).toBe(0);
  const [copied, original] = await Promise.all([
    run(["export", "--all", "-q"], { cwd }),
    run(["export", "--all", "-q", ...orders], { cwd }),
  ]);
  expect(copied.out).toBe(original.out);
  expect(readFileSync(join(cwd, "orders.ndjson"), "utf8").split("\n")).toHaveLength(
    original.out.split("\n").length,
  );
});
