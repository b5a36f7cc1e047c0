import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadEngine } from "@everdraft/sqlite-adapter/engine";
import { expect, test } from "vitest";
import { filledFolder, newFolder, orders } from "./support/folder.ts";
import { run, runOnTerminal } from "./support/run.ts";

const { DatabaseSync } = await loadEngine();

const timeout = 120_000;
const escapeCode = "\u001b";
const interrupt = "\u0003";

test("On a terminal a plan is agreed to by y, and by nothing else", { timeout }, async () => {
  const cwd = await filledFolder();
  const args = ["revert", "o-1", "--to", "1", "--as", "dora", ...orders];
  for (const answer of ["n\r", "\r"]) {
    const refused = await runOnTerminal(args, { cwd }, [[/Go on\? \[y\/N\] /, answer]]);
    expect(refused.code).toBe(0);
    expect(refused.screen).toContain("Nothing was changed.");
  }
  const agreed = await runOnTerminal(args, { cwd }, [[/Go on\? \[y\/N\] /, "y\r"]]);
  expect(agreed.code).toBe(0);
  expect(agreed.screen).toContain("takes back 3 events:");
  expect(agreed.screen).toContain("o-1 is at version 5 now.");
});

test("Ctrl-C at a question is exit code 130, and nothing was stored", { timeout }, async () => {
  const cwd = await filledFolder();
  const args = ["revert", "o-1", "--to", "1", "--as", "dora", ...orders];
  const { code, screen } = await runOnTerminal(args, { cwd }, [[/Go on\?/, interrupt]]);
  expect(code).toBe(130);
  expect(screen).toContain(
    "Interrupted. Go on with: everdraft revert o-1 --to 1 --as dora --uri sqlite:orders.db --collection orders",
  );
  expect((await run(["history", "o-1", "--json", ...orders], { cwd })).out.match(/\n/g)).toHaveLength(4);
});

test("The editor has the terminal; a text that cannot be read may be edited again", {
  timeout,
}, async () => {
  const cwd = await filledFolder();
  writeFileSync(
    join(cwd, "editor"),
    '#!/bin/sh\nprintf "new state? "\nread -r answer\nprintf %s "$answer" > "$1"\n',
    {
      mode: 0o755,
    },
  );
  const { code, screen } = await runOnTerminal(
    ["edit", "o-2", "--as", "dora", ...orders],
    { cwd, env: { VISUAL: "./editor", EDITOR: "false", TMPDIR: cwd } },
    [
      [/new state\? /, "{ broken\r"],
      [/Edit again\? \[y\/N\] /, "y\r"],
      [/new state\? /, '{ "status": "paid" }\r'],
      [/Go on\? \[y\/N\] /, "y\r"],
    ],
  );
  expect(screen).toContain("This is not JSON: ");
  expect(screen).toContain("o-2 is at version 2 now.");
  expect(code).toBe(0);
});

test("People on a terminal get colours and relative times; NO_COLOR and --no-color take the colours away", {
  timeout,
}, async () => {
  const cwd = await filledFolder();
  const args = ["history", "o-1", "-p", ...orders];
  const coloured = await runOnTerminal(args, { cwd });
  expect(coloured.screen).toContain(`${escapeCode}[32m+ lines › [1]: {"qty":1,"sku":"B"}`);
  expect(coloured.screen).toContain(
    `~ lines › [0] › qty: ${escapeCode}[31m2${escapeCode}[39m → ${escapeCode}[32m3`,
  );
  expect(coloured.screen).toMatch(/2025-03-02 10:00:00 \(\d+ (months?|years?) ago\)/);
  for (const [options, env] of [
    [["--no-color"], {}],
    [[], { NO_COLOR: "1" }],
    [[], { TERM: "dumb" }],
  ] as const) {
    const { screen } = await runOnTerminal([...args, ...options], { cwd, env });
    expect(screen).toContain("+ lines › [1]");
    expect(screen).not.toContain(escapeCode);
  }
});

/** Many revisions, so that an import takes a while. */
function manyRevisions(): string {
  const lines: string[] = [];
  for (let i = 0; i < 20_000; i++) {
    const at = new Date(Date.UTC(2024, 0, 1) + i * 1000).toISOString();
    lines.push(JSON.stringify({ id: `d-${Math.floor(i / 100)}`, at, by: "alice", state: { n: i } }));
  }
  return `${lines.join("\n")}\n`;
}

test("Ctrl-C ends an import in order; the command that it prints goes on where it stopped", {
  timeout,
}, async () => {
  const cwd = newFolder({ "many.ndjson": manyRevisions() });
  const args = ["import", "--jsonl", "many.ndjson", "--yes", ...orders];
  const stopped = await runOnTerminal(args, { cwd }, [[/ [1-9][\d,]*\/20,000 revisions/, interrupt]]);
  expect(stopped.screen).toContain(`Interrupted. Go on with: everdraft ${args.join(" ")}`);
  expect(stopped.code).toBe(130);
  // a bar, the rate, and where it was
  expect(stopped.screen).toMatch(
    /[█░]{16}.* {2}\d+% {2}[\d,]+\/20,000 revisions {2}[\d,]+\/s {2}ETA \d+ s {2}at d-\d+/,
  );
  const resumed = await run([...args, "--json"], { cwd });
  expect(resumed.code).toBe(0);
  // without a terminal the progress is plain lines
  expect(resumed.err).not.toContain(escapeCode);
  expect(resumed.err).toMatch(/20,000\/20,000 revisions {2}[\d,]+\/s/);
  const { events, skipped } = JSON.parse(resumed.out);
  expect(skipped).toBeGreaterThan(0);
  expect(events).toBeGreaterThan(0);
  expect(events + skipped).toBe(20_000);
  expect((await run(["verify", "-q", ...orders], { cwd })).out).toBe(
    "Verified 200 documents: nothing differs.\n",
  );
  expect((await run(["export", "d-199", "-q", ...orders], { cwd })).out.match(/\n/g)).toHaveLength(100);
});

test("Ctrl-C ends an export, and a second one leaves the terminal as it was", { timeout }, async () => {
  const cwd = newFolder({ "many.ndjson": manyRevisions() });
  await run(["import", "--jsonl", "many.ndjson", "--yes", "-q", ...orders], { cwd });
  const ended = await runOnTerminal(["export", "--all", ...orders], { cwd }, [[/"n":50\}/, interrupt]]);
  expect(ended.code).toBe(130);
  expect(ended.screen).toContain("Interrupted. Go on with: everdraft export --all ");
  expect(ended.screen).not.toContain('"id":"d-99"');
  const other = new DatabaseSync(join(cwd, "orders.db"), { timeout: 30_000 });
  const busy = await runOnTerminal(["rebuild", "view", "--range-size", "5", "--yes", ...orders], { cwd }, [
    [
      / [1-9][\d,]*\/200 documents/,
      () => {
        other.exec("BEGIN IMMEDIATE");
        return interrupt;
      },
    ],
    [/Stopping: /, interrupt],
  ]);
  other.exec("ROLLBACK");
  other.close();
  expect(busy.code).toBe(130);
  // the cursor is shown again, lines are wrapped again
  expect(busy.screen.lastIndexOf(`${escapeCode}[?25h`)).toBeGreaterThan(
    busy.screen.lastIndexOf(`${escapeCode}[?25l`),
  );
  expect(busy.screen.lastIndexOf(`${escapeCode}[?7h`)).toBeGreaterThan(
    busy.screen.lastIndexOf(`${escapeCode}[?7l`),
  );
});

test("--quiet shows neither progress nor remarks", { timeout }, async () => {
  const cwd = await filledFolder();
  const { code, screen } = await runOnTerminal(["verify", "--quiet", ...orders], { cwd });
  expect({ code, screen }).toEqual({ code: 0, screen: "Verified 3 documents: nothing differs.\r\n" });
});
