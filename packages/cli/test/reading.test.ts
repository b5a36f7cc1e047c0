import { join } from "node:path";
import { loadEngine } from "@everdraft/sqlite-adapter/engine";
import { expect, test } from "vitest";
import { filledFolder, newFolder, orders } from "./support/folder.ts";
import { run } from "./support/run.ts";

const { DatabaseSync } = await loadEngine();

const timeout = 120_000;

test("history, show, diff and find print for people", { timeout }, async () => {
  const cwd = await filledFolder();
  const shown: string[] = [];
  for (const args of [
    ["history", "o-1"],
    ["history", "o-1", "--patch", "--oldest"],
    ["history", "o-1", "--by", "bob", "--limit", "1"],
    ["history", "o-1", "--changes", "--limit", "1"],
    ["history", "o-1", "--path", "lines.0.qty"],
    ["history", "o-1", "--path", '["lines", 0]', "--at", "3", "--oldest"],
    ["show", "o-1", "--at", "2025-03-01T09:05"],
    ["diff", "o-1", "2", "4"],
    ["diff", "o-1", "3"],
    ["find"],
    ["find", '{ "lines.sku": "B" }', "--sort", "-customer", "--select", "customer"],
    ["find", '{ "status": "open" }', "--count"],
    ["find", "--at", "2025-03-02T08:40"],
    ["find", '{ "status": "open" }', "--at", "2025-03-03", "--count"],
    ["find", '{ "lines.qty": 2 }', "--at", "2025-03-02", "--select", "lines"],
    ["find", "--deleted"],
  ]) {
    const { code, out, err } = await run([...args, ...orders], { cwd });
    expect(code, err).toBe(0);
    shown.push(`$ everdraft ${args.join(" ")}\n${out}${err.replace(/^/gm, "2> ").replace(/2> $/, "")}`);
  }
  await expect(shown.join("\n")).toMatchFileSnapshot("golden/reading.txt");
});

test("the same for programs is NDJSON in relaxed Extended JSON", { timeout }, async () => {
  const cwd = await filledFolder();
  const lines = async (...args: string[]): Promise<Record<string, unknown>[]> => {
    const { code, out, err } = await run([...args, "--json", "--quiet", ...orders], { cwd });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    return out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  };
  const events = await lines("history", "o-1");
  expect(events.map(({ version, at, by, type }) => [version, at, by, type])).toEqual([
    [1, "2025-03-01T09:00:00.000Z", "alice", "imported"],
    [2, "2025-03-01T09:05:00.000Z", "bob", "imported"],
    [3, "2025-03-02T10:00:00.000Z", "bob", "imported"],
    [4, "2025-03-03T11:30:00.000Z", "carol", "imported"],
  ]);
  expect(events[1]).toMatchObject({
    reason: "phone order",
    patches: [
      { op: "add", path: ["lines", 0], value: { sku: "A", qty: 2 } },
      { op: "add", path: ["due"], value: { $date: "2025-04-01T00:00:00.000Z" } },
    ],
  });
  const qty = await lines("history", "o-1", "--path", "lines.0.qty", "--changes");
  expect(qty.map(({ version, changes }) => [version, changes])).toEqual([
    [2, [{ kind: "added", path: ["lines", 0, "qty"], after: 2 }]],
    [3, [{ kind: "changed", path: ["lines", 0, "qty"], before: 2, after: 3 }]],
  ]);
  expect(await lines("show", "o-1", "--at", "2")).toEqual([
    {
      id: "o-1",
      version: 2,
      at: "2025-03-01T09:05:00.000Z",
      by: "bob",
      sealed: true,
      state: {
        customer: "c-7",
        status: "open",
        lines: [{ sku: "A", qty: 2 }],
        due: { $date: "2025-04-01T00:00:00.000Z" },
      },
    },
  ]);
  expect(await lines("diff", "o-1", "3", "4")).toEqual([
    { kind: "changed", path: ["status"], before: "open", after: "paid" },
    { kind: "removed", path: ["due"], before: { $date: "2025-04-01T00:00:00.000Z" } },
  ]);
  const found = await lines("find", '{ "customer": "c-9" }');
  expect(found).toEqual([
    {
      id: "o-2",
      version: 1,
      at: "2025-03-02T08:00:00.000Z",
      by: "alice",
      state: { customer: "c-9", status: "open", lines: [{ sku: "B", qty: 4 }] },
    },
  ]);
  const [deleted, ...others] = await lines("find", "--deleted");
  expect(others).toEqual([]);
  expect(deleted).toEqual({
    kind: "deleted",
    id: "o-3",
    version: 2,
    at: "2025-03-02T08:45:00.000Z",
    by: "alice",
    state: { customer: "c-9", status: "open", lines: [] },
  });
  const then = await lines("find", "--at", "2025-03-01T09:02");
  expect(then).toEqual([
    {
      id: "o-1",
      version: 1,
      at: "2025-03-01T09:00:00.000Z",
      by: "alice",
      state: { customer: "c-7", status: "open", lines: [] },
    },
  ]);
  expect(await lines("status")).toMatchObject([
    { store: "orders", documents: 2, events: 7, failures: [], scanned: { everWere: 3, behind: 0 } },
  ]);
});

test("history shows the meta of an event with --meta, and the newest or oldest events first", {
  timeout,
}, async () => {
  const cwd = newFolder();
  const revisions = [
    {
      id: "a",
      at: "2025-01-01",
      by: "alice",
      state: { n: 1 },
      reason: "made",
      meta: { ticket: 7, "a\u001bb": "x y" },
    },
    { id: "a", at: "2025-01-02", by: "bob", state: { n: 2 } },
  ];
  const input = revisions.map((revision) => JSON.stringify(revision)).join("\n");
  await run(["import", ...orders, "--jsonl", "-", "--yes", "-q"], { cwd, input });
  const history = async (...args: string[]) => (await run(["history", "a", ...args, ...orders], { cwd })).out;
  expect(await history()).not.toContain("ticket");
  const table = await history("--meta", "--oldest");
  expect(table).toMatch(
    /^v1 {2}2025-01-01 00:00:00 {2}alice {2}imported {2}the whole document {2}made\n {4}meta: \{.*"ticket":7\}\nv2 /,
  );
  expect(table).toMatch(/"import":\{"at":.*"name":"jsonl:stdin","revision":1\}/);
  expect(table).not.toContain("\u001b");
  expect(await history("--meta", "--patch", "--limit", "1")).toMatch(
    /^v2 .*\n {4}meta: .*\n {4}~ n: 1 → 2\n$/,
  );
  const versions = (lines: string) => [...lines.matchAll(/"version":(\d)/g)].map(([, version]) => version);
  expect(versions(await history("--json"))).toEqual(["1", "2"]);
  expect(versions(await history("--json", "--limit", "1"))).toEqual(["1"]);
  expect(versions(await history("--json", "--newest", "--limit", "1"))).toEqual(["2"]);
  expect(versions(await history("--json", "--newest"))).toEqual(["2", "1"]);
  expect(await run(["history", "a", "--by", "nobody", ...orders], { cwd })).toEqual({
    code: 0,
    out: "",
    err: "No event is among those; the newest one is v2, of 2025-01-02 00:00:00.\n",
  });
  const both = await run(["history", "a", "--newest", "--oldest", ...orders], { cwd });
  expect(both).toEqual({ code: 2, out: "", err: "--newest and --oldest exclude each other.\n" });
});

test("A missing document or version is an error with exit code 1", { timeout }, async () => {
  const cwd = await filledFolder();
  const sentences: [string[], string][] = [
    [["show", "o-9"], 'There is no document "o-9" in orders, and never was.'],
    [["show", "o-9", "--at", "1"], 'There is no document "o-9" in orders, and never was.'],
    [["show", "o-9", "--at", "2025-01-01"], 'There is no document "o-9" in orders, and never was.'],
    [
      ["show", "o-1", "--at", "9"],
      'Document "o-1" has no version 9; its newest is 4. Name one up to that, or a date.',
    ],
    [
      ["revert", "o-9", "--to", "1", "--as", "dora", "--yes"],
      'There is no document "o-9" in orders, and never was.',
    ],
    [
      ["edit", "o-9", "--as", "dora", "--from", "orders.ndjson", "--yes"],
      'There is no document "o-9" in orders, and never was.',
    ],
    [["history", "o-9"], 'There is no document "o-9" in orders, and never was.'],
    [["diff", "o-9", "1"], 'There is no document "o-9" in orders, and never was.'],
    [
      ["show", "o-3"],
      `The document "o-3" is deleted. Its history is there: everdraft history o-3 ${orders.join(" ")}`,
    ],
    [
      ["show", "o-1", "--at", "2020-01-01"],
      `The document "o-1" did not live at 2020-01-01. Its history is there: everdraft history o-1 ${orders.join(" ")}`,
    ],
    [
      ["history", "o-1", "--path", "due"],
      'The history of due of document "o-1" cannot be followed back: the document has nothing there at version 4. Name a moment at which the value is there, as at.',
    ],
    [["export", "o-9"], 'There is no document "o-9" in orders, and never was.'],
    [["verify", "o-1", "o-9"], 'There is no document "o-9" in orders, and never was.'],
  ];
  for (const [args, err] of sentences)
    expect(await run([...args, ...orders, "--quiet"], { cwd })).toEqual({
      code: 1,
      out: "",
      err: `${err}\n`,
    });
});

test("A document that something else put there is told apart from one that never was", {
  timeout,
}, async () => {
  const cwd = await filledFolder();
  const database = new DatabaseSync(join(cwd, "orders.db"));
  database.exec(
    `INSERT INTO orders SELECT 'raw', version, head, changed, at, "by", event, schema, digest, since, state FROM orders WHERE id = 'o-1'`,
  );
  database.close();
  for (const args of [
    ["history", "raw"],
    ["show", "raw", "--at", "1"],
    ["diff", "raw", "1"],
    ["revert", "raw", "--to", "1", "--as", "dora", "--yes"],
  ])
    expect(await run([...args, ...orders, "-q"], { cwd })).toEqual({
      code: 1,
      out: "",
      err: `The document "raw" in orders has no history: something else put it there, or its events are lost. More is said by: everdraft verify raw ${orders.join(" ")}\n`,
    });
});

test("A command that is told names the store that was named", { timeout }, async () => {
  const cwd = await filledFolder();
  const { err } = await run(["show", "o-3", ...orders], { cwd });
  const [, told = ""] = /everdraft (history .*)\n$/.exec(err) ?? [];
  expect((await run(told.split(" "), { cwd })).out).toMatch(/^v2 .*deleted/);
});

test("A value that begins with a dash is the option's, and no option itself", { timeout }, async () => {
  const cwd = await filledFolder();
  const find = (...args: string[]) => run(["find", ...orders, "-q", ...args], { cwd });
  const sorted = await find("--sort", "-customer", "--limit", "1");
  expect(sorted.out).toMatch(/^o-2 /);
  expect(await find("--sort=-customer", "--limit", "1")).toEqual(sorted);
  expect((await run(["history", ...orders, "--", "-x"], { cwd })).err).toContain('no document "-x"');
});

test("A day that there is not is no moment", { timeout }, async () => {
  const cwd = await filledFolder();
  const ended = await run(["show", "o-1", "--at", "2025-02-30", ...orders], { cwd });
  expect(ended).toMatchObject({ code: 2, err: expect.stringMatching(/^"2025-02-30" is no moment\./) });
});

test("A reader that has seen enough is no error", { timeout }, async () => {
  const cwd = await filledFolder();
  const { code, err } = await run(["export", "--all", "--quiet", ...orders], {
    cwd,
    onOutput: (_, child) => child.stdout?.destroy(),
  });
  expect({ code, err }).toEqual({ code: 0, err: "" });
});

test("blame names the event that set each value, also of an element that moved", { timeout }, async () => {
  const line = (minute: number, by: string, state: object, reason?: string): string =>
    `${JSON.stringify({ id: "o-1", at: `2025-03-01T09:0${minute}:00.000Z`, by, state, reason })}\n`;
  const [a, b] = [
    { id: "A", qty: 1 },
    { id: "B", qty: 2 },
  ];
  const cwd = newFolder({
    "orders.ndjson": [
      line(0, "alice", { status: "open", lines: [a, b] }),
      line(1, "bob", { status: "open", lines: [{ ...a, qty: 5 }, b] }, "phone order"),
      line(2, "carol", { status: "paid", lines: [b, { ...a, qty: 5 }] }),
    ].join(""),
  });
  await run(["import", ...orders, "--jsonl", "orders.ndjson", "--yes", "-q"], { cwd });
  const { out } = await run([...orders, "blame", "o-1", "-q"], { cwd });
  expect(out).toBe(
    [
      'v1  2025-03-01 09:00:00  alice  lines › B › id   "B"',
      "v1  2025-03-01 09:00:00  alice  lines › B › qty  2",
      'v1  2025-03-01 09:00:00  alice  lines › A › id   "A"',
      "v2  2025-03-01 09:01:00  bob    lines › A › qty  5       phone order",
      'v3  2025-03-01 09:02:00  carol  status           "paid"',
      "",
    ].join("\n"),
  );
  const one = await run([...orders, "blame", "o-1", "lines.1.qty", "--json"], { cwd });
  expect(JSON.parse(one.out)).toEqual({
    path: ["lines", 1, "qty"],
    named: ["lines", "A", "qty"],
    value: 5,
    at: "2025-03-01T09:01:00.000Z",
    version: 2,
    by: "bob",
    type: "imported",
    reason: "phone order",
  });
  expect((await run([...orders, "blame", "o-1", '["status"]', "--at", "1", "-q"], { cwd })).out).toContain(
    '"open"',
  );
  const ignoring = await run([...orders, "blame", "o-1", "status", "--ignore-imports", "-q"], { cwd });
  expect(ignoring.out).toMatch(/^v1 .*alice/);
  expect(await run([...orders, "blame", "o-1", "nowhere"], { cwd })).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringContaining('The document "o-1" has nothing at nowhere.'),
  });
  expect(await run([...orders, "blame", "o-1", "[1"], { cwd })).toMatchObject({ code: 2 });
});
