import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadEngine } from "@everdraft/sqlite-adapter/engine";
import { expect, test } from "vitest";
import { newFolder, ordersNdjson } from "./support/folder.ts";
import { run, runOnTerminal } from "./support/run.ts";

const { DatabaseSync } = await loadEngine();

const timeout = 240_000;
const interrupt = "\u0003";

/** A config whose projection gives a row for each line; `version` and `rows` are its code. */
function configOf(version: number, rows: string): string {
  return `export default { stores: { orders: {
    uri: "sqlite:orders.db", collection: "orders",
    projections: [{ name: "lines", version: ${version}, rows: ${rows} }],
  } } };`;
}
const lines = "({ lines }, { id }) => lines.map(({ sku, qty }) => ({ order: id, sku, qty }))";

async function filled(ndjson: string): Promise<string> {
  const cwd = newFolder({ "in.ndjson": ndjson });
  const orders = ["--uri", "sqlite:orders.db", "--collection", "orders"];
  const { code, err } = await run(["import", ...orders, "--jsonl", "in.ndjson", "--yes", "-q"], { cwd });
  expect({ code, err }).toEqual({ code: 0, err: "" });
  // the projection comes to a collection with documents
  writeFileSync(join(cwd, "everdraft.config.mjs"), configOf(1, lines));
  return cwd;
}

test("A projection is built, built anew beside the old one, and the old rows are dropped when asked", {
  timeout,
}, async () => {
  const cwd = await filled(ordersNdjson);
  const everdraft = (...args: string[]) => run([...args, "-q"], { cwd });
  expect((await everdraft("projections", "list")).out).toBe("lines  v1  not built yet: everdraft rebuild\n");
  expect(await everdraft("rebuild", "lines")).toMatchObject({ code: 2 });
  const plan = await run(["rebuild", "lines", "--dry-run"], { cwd });
  expect(plan).toEqual({
    code: 0,
    out: "Rebuild the rows of lines\n  where: orders in sqlite:orders.db\n  about 2 documents; no event is written, and correct views and rows stay as they are\n",
    err: "Nothing was changed (--dry-run).\n",
  });
  const built = await everdraft("rebuild", "lines", "--yes");
  expect(built).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^The rows of lines: 3 documents looked at, \d written\.\n$/),
  });
  expect((await everdraft("projections", "list")).out).toBe("lines  v1  3 rows\n");

  writeFileSync(join(cwd, "everdraft.config.mjs"), configOf(2, "({ lines }) => ({ many: lines.length })"));
  expect((await everdraft("projections", "list")).out).toBe(
    "lines  v2  being built; version 1 is read until then\n",
  );
  expect((await everdraft("doctor")).code).toBe(3);
  expect((await everdraft("rebuild", "--yes")).code).toBe(0);
  expect((await everdraft("projections", "list")).out).toBe("lines  v2  2 rows\n");
  expect(await everdraft("projections", "drop", "lines", "--yes")).toMatchObject({
    code: 0,
    out: "Dropped the rows of version 1.\n",
  });
  expect((await everdraft("projections", "drop", "lines", "--yes")).out).toBe(
    "lines: there are no rows of older versions.\n",
  );
  expect(await everdraft("doctor")).toMatchObject({ code: 0 });
});

test("By a connection string alone, rows that are there are named, and said not to be looked at", {
  timeout,
}, async () => {
  const cwd = await filled(ordersNdjson);
  const byUri = (...args: string[]) => run([...args, "--uri", "sqlite:orders.db"], { cwd });
  expect((await byUri("projections", "list")).err).toBe("The store orders has no projections.\n");
  expect((await byUri("verify", "-q")).out).toBe("Verified 3 documents: nothing differs.\n");
  await run(["rebuild", "lines", "--yes", "-q"], { cwd });
  const there = "There are rows of lines, but this store has no such projection: name it in a config.";
  expect(await byUri("projections", "list")).toEqual({ code: 0, out: `${there}\n`, err: "" });
  expect(await byUri("projections", "list", "--json", "-q")).toEqual({
    code: 0,
    out: `${JSON.stringify({ name: "lines", known: false })}\n`,
    err: "",
  });
  const notLooked =
    "Rows of lines were not looked at: this store has no such projection; name it in a config.";
  expect((await byUri("verify", "-q")).out).toBe(`Verified 3 documents: nothing differs.\n${notLooked}\n`);
  expect((await byUri("verify", "o-1", "-q")).out).toBe(
    `Verified 1 document: nothing differs.\n${notLooked}\n`,
  );
  expect(await byUri("verify", "--json")).toMatchObject({ out: "", err: expect.stringContaining(notLooked) });
  expect((await byUri("rebuild", "lines", "--yes")).err).toBe(
    'The store orders has no projection "lines"; there are rows of it: name it in a config.\n',
  );
  expect((await byUri("status", "-q")).out).toMatch(/^ +rows of lines +not looked at: name it in a config$/m);
  expect((await byUri("doctor", "-q")).out).toContain(notLooked);
  // with the config they are
  expect((await run(["verify", "-q"], { cwd })).out).toBe("Verified 3 documents: nothing differs.\n");
});

test("A mistyped projection makes nothing, and those that are there are named", { timeout }, async () => {
  const cwd = await filled(ordersNdjson);
  for (const args of [
    ["rebuild", "line"],
    ["projections", "drop", "line"],
  ]) {
    const ended = await run([...args, "--yes"], { cwd });
    expect(ended).toMatchObject({ code: 2, out: "" });
    expect(ended.err).toMatch(
      /^The store orders has no projection "line"; there are ("view", )?"lines"\.\n$/,
    );
  }
  expect((await run(["projections", "list", "-q"], { cwd })).out).toContain("not built yet");
});

test("A document on which a projection throws is named and skipped, with exit code 1", {
  timeout,
}, async () => {
  const cwd = await filled(ordersNdjson);
  const poisoned = '(order, { id }) => { if (id === "o-2") throw new Error("no such tax"); return { id }; }';
  writeFileSync(join(cwd, "everdraft.config.mjs"), configOf(1, poisoned));
  const ended = await run(["rebuild", "lines", "--yes"], { cwd });
  expect(ended.code).toBe(1);
  expect(ended.out).toMatch(
    /^The rows of lines: 3 documents looked at, \d written, \d documents? skipped\.\n$/,
  );
  expect(ended.err).toMatch(/Skipped: o-2: .*lines.* \(Error: no such tax\)\n/);
  const list = await run(["projections", "list", "-q"], { cwd });
  expect(list.out).toMatch(/^lines {2}v1 {2}1 row\nlines fails on o-2 v1: /);
  const doctor = await run(["doctor", "-q"], { cwd });
  expect(doctor).toMatchObject({
    code: 3,
    out: expect.stringMatching(
      /lines fails on o-2: .*\n {4}mend it: .* the log where everdraft verify finds it damaged; .*everdraft rebuild lines\n/,
    ),
  });
  const verified = await run(["verify", "-q"], { cwd });
  expect(verified.code).toBe(3);
  expect(verified.out).toMatch(/^o-2 {2}v1 {2}failed of lines {2}/);
  writeFileSync(join(cwd, "everdraft.config.mjs"), configOf(1, "(order, { id }) => ({ id })"));
  expect(await run(["rebuild", "lines", "--yes", "-q"], { cwd })).toMatchObject({ code: 0 });
  expect(await run(["doctor", "-q"], { cwd })).toMatchObject({ code: 0 });
});

test("Of many documents that are skipped, twenty are named and the others counted", {
  timeout,
}, async () => {
  const cwd = await filled(manyDocuments(25));
  writeFileSync(join(cwd, "everdraft.config.mjs"), configOf(1, '() => { throw new Error("no tax") }'));
  const { code, err } = await run(["rebuild", "lines", "--yes", "-q"], { cwd });
  expect({ code, named: err.match(/^Skipped: /gm)?.length }).toEqual({ code: 1, named: 20 });
  expect(err).toMatch(/\n… and 5 more skipped\n$/);
});

test("Where there are several stores, doctor's commands name the one that they mend", {
  timeout,
}, async () => {
  const cwd = await filled(ordersNdjson);
  const store = (collection: string): string =>
    `{ uri: "sqlite:orders.db", collection: "${collection}", projections: [{ name: "lines", version: 1, rows: () => ({}) }] }`;
  const config = `export default { stores: { first: ${store("orders")}, second: ${store("others")} } };`;
  writeFileSync(join(cwd, "everdraft.config.mjs"), config);
  await run(["init", "--yes", "-q"], { cwd });
  const { out } = await run(["doctor", "-q"], { cwd });
  const [, command] = out.match(/mend it: everdraft (--store first rebuild lines)\n/) ?? [];
  expect(await run([...(command ?? "").split(" "), "--yes", "-q"], { cwd })).toMatchObject({ code: 0 });
  expect(await run(["doctor", "-q"], { cwd })).toMatchObject({ code: 0 });
});

test("doctor advises nothing that has to do with another fault", { timeout }, async () => {
  const cwd = newFolder({ "notes.txt": "no database at all\n".repeat(100) });
  const { code, out } = await run(["doctor", "--uri", "sqlite:notes.txt", "--collection", "a"], { cwd });
  expect(code).toBe(3);
  expect(out).toMatch(
    /✘ .*notes\.txt.*\n {4}mend it: as the message says; then: everdraft --uri sqlite:notes\.txt --collection a verify\n/,
  );
});

/** Changes one bit of an event's payload. */
function damage(cwd: string, doc: string, version: number): void {
  const database = new DatabaseSync(join(cwd, "orders.db"));
  const where = `WHERE doc = '${doc}' AND version = ${version}`;
  const [{ record }] = database.prepare(`SELECT record FROM "orders.events" ${where}`).all() as [
    { record: Uint8Array },
  ];
  record[record.length - 1] = (record.at(-1) ?? 0) ^ 1;
  database.prepare(`UPDATE "orders.events" SET record = ? ${where}`).run(record);
  database.close();
}

test("A damaged event is named, and everything else is done", { timeout }, async () => {
  const cwd = await filled(ordersNdjson);
  damage(cwd, "o-1", 3);
  const verified = await run(["verify", "-q"], { cwd });
  expect(verified.code).toBe(3);
  expect(verified.out).toMatch(/^o-1 {2}v3 {2}event {2}Version 3 cannot be trusted: /m);
  const repaired = await run(["verify", "--repair", "--yes", "-q"], { cwd });
  expect(repaired.code).toBe(3);
  const rebuilt = await run(["rebuild", "--yes"], { cwd });
  expect(rebuilt.code).toBe(1);
  expect(rebuilt.err).toMatch(/Skipped: o-1: .*version 3/i);
  const exported = await run(["export", "--all"], { cwd });
  expect(exported.code).toBe(1);
  expect(exported.err).toMatch(/^o-1 is whole only up to here: /m);
  expect(exported.out.match(/^\{"id":"o-[23]"/gm)).toHaveLength(3);
  expect((await run(["show", "o-1", "--at", "1", "-q"], { cwd })).code).toBe(0);
  expect(await run(["show", "o-1", "--at", "4", "-q"], { cwd })).toMatchObject({ code: 1, out: "" });
  damage(cwd, "o-2", 1);
  const unreadable = new DatabaseSync(join(cwd, "orders.db"));
  unreadable.exec(`UPDATE "orders.events" SET record = x'0001' WHERE doc = 'o-1' AND version = 4`);
  unreadable.close();
  // it counts as one that is behind, and hides nothing else
  const status = await run(["status", "-q"], { cwd });
  expect(status).toMatchObject({ code: 0, out: expect.stringMatching(/views behind +1\n.*abilities/s) });
  const doctor = await run(["doctor", "-q"], { cwd });
  expect(doctor.out).toMatch(/ 1 view is behind\n.*everdraft verify --repair\n/);
  const first = await run(["export", "o-2", "-q"], { cwd });
  expect(first).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringMatching(/^o-2 is whole only up to here: /),
  });
});

/** A document for each number. */
function manyDocuments(many: number): string {
  const line = (i: number): string =>
    JSON.stringify({ id: `d-${i}`, at: "2025-01-01", by: "alice", state: { lines: [{ sku: "A", qty: i }] } });
  return `${Array.from({ length: many }, (_, i) => line(i)).join("\n")}\n`;
}
const many = 1_500;

test("Ctrl-C ends a rebuild in order; the command that it prints goes on where it stopped", {
  timeout,
}, async () => {
  const cwd = await filled(manyDocuments(many));
  const args = ["rebuild", "lines", "--range-size", "5", "--concurrency", "1", "--yes"];
  const stopped = await runOnTerminal(args, { cwd }, [[/ [1-9][\d,]*\/1,500 documents/, interrupt]]);
  expect(stopped.screen).toContain(`Interrupted. Go on with: everdraft ${args.join(" ")}`);
  expect(stopped.code).toBe(130);
  const status = await run(["status", "--quick", "-q"], { cwd });
  expect(status.out).toMatch(/unfinished +rebuild:lines\.v1: at [\d,]+ documents?, begun /);
  const resumed = await run([...args, "--json"], { cwd });
  expect(resumed.err).toMatch(/lines goes on, or joins in, behind the [\d,]+ documents? done since /);
  expect({ code: resumed.code, ...JSON.parse(resumed.out) }).toMatchObject({
    code: 0,
    complete: true,
    documents: many,
  });
  expect((await run(["projections", "list", "-q"], { cwd })).out).toBe("lines  v1  1,500 rows\n");
});

test("Ctrl-C that has to wait for work in hand says so", { timeout }, async () => {
  const cwd = await filled(manyDocuments(many));
  const other = new DatabaseSync(join(cwd, "orders.db"), { timeout: 30_000 });
  const args = ["rebuild", "lines", "--range-size", "5", "--concurrency", "1", "--yes"];
  const stopped = await runOnTerminal(args, { cwd }, [
    [
      / [1-9][\d,]*\/1,500 documents/,
      () => {
        other.exec("BEGIN IMMEDIATE");
        return interrupt;
      },
    ],
    [
      /Stopping: the work in hand is finished first\. Ctrl-C again ends at once\./,
      () => {
        other.exec("ROLLBACK");
        return "";
      },
    ],
  ]);
  other.close();
  expect(stopped.screen).toContain("Stopping: ");
  expect(stopped.code).toBe(130);
});

test("Ctrl-C ends a verification in order; with the name that it prints it goes on", {
  timeout,
}, async () => {
  const cwd = await filled(manyDocuments(many));
  const args = ["verify", "--range-size", "5"];
  const stopped = await runOnTerminal(args, { cwd }, [[/ [1-9][\d,]*\/1,500 documents/, interrupt]]);
  expect(stopped.code).toBe(130);
  const [, checkpoint] = stopped.screen.match(
    /Interrupted\. Go on with: everdraft verify --range-size 5 --checkpoint (at-\w+)/,
  ) as string[];
  const resumed = await run([...args, "--checkpoint", checkpoint as string, "-q"], { cwd });
  expect(resumed.out).toMatch(/^Verified 1,500 documents: /m);
  expect((await run(["status", "--quick", "-q"], { cwd })).out).not.toContain("unfinished");
});

test("Two rebuilds at once share the work, and it is done once", { timeout }, async () => {
  const cwd = await filled(manyDocuments(many));
  const args = ["rebuild", "lines", "--range-size", "20", "--yes", "--json", "-q"];
  const ends = await Promise.all([run(args, { cwd }), run(args, { cwd })]);
  for (const { code, out } of ends) {
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ complete: true, failures: 0 });
  }
  expect((await run(["projections", "list", "-q"], { cwd })).out).toBe("lines  v1  1,500 rows\n");
});

test("A rebuild that was killed is gone on with by the next one", { timeout }, async () => {
  const cwd = await filled(manyDocuments(many));
  const args = ["rebuild", "lines", "--range-size", "5", "--concurrency", "1", "--yes"];
  // killed as soon as it has begun
  const killed = await run(args, {
    cwd,
    onOutput: (written, child) => {
      if (written.includes("Rebuild the rows")) setImmediate(() => child.kill("SIGKILL"));
    },
  });
  expect(killed.code).toBe(null);
  const next = await run([...args, "-q", "--json"], { cwd });
  expect({ code: next.code, ...JSON.parse(next.out) }).toMatchObject({ code: 0, complete: true });
  expect((await run(["projections", "list", "-q"], { cwd })).out).toBe("lines  v1  1,500 rows\n");
  expect((await run(["verify", "-q"], { cwd })).out).toBe("Verified 1,500 documents: nothing differs.\n");
});

test("Indexes of a config are listed, and dropped when asked", { timeout }, async () => {
  const cwd = await filled(ordersNdjson);
  const config = (indexes: string): void =>
    writeFileSync(
      join(cwd, "everdraft.config.mjs"),
      `export default { stores: { orders: { uri: "sqlite:orders.db", collection: "orders", ${indexes} } } };`,
    );
  config('indexes: [{ keys: { status: 1, "lines.sku": -1 } }]');
  const everdraft = (...args: string[]) => run([...args, "-q"], { cwd });
  const name = "status_1_lines.sku_-1";
  expect((await everdraft("indexes", "list")).out).toBe(
    `${name}  documents  status, lines.sku descending  in use\n`,
  );
  config("");
  expect((await everdraft("indexes", "list", "--json")).out).toBe(
    `${JSON.stringify({ name, keys: { status: 1, "lines.sku": -1 }, complete: true })}\n`,
  );
  expect(await everdraft("indexes", "drop", "status_1", "--yes")).toMatchObject({
    code: 2,
    err: expect.stringContaining(`has no index "status_1"; there are "${name}"`),
  });
  expect(await everdraft("indexes", "drop", name, "--yes")).toMatchObject({
    code: 0,
    out: `Dropped the index ${name}.\n`,
  });
  expect((await everdraft("indexes", "list")).out).toBe("");
  expect(await everdraft("indexes", "make")).toMatchObject({ code: 2 });
});
