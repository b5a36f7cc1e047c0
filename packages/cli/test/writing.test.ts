import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { filledFolder, newFolder, orders } from "./support/folder.ts";
import { run } from "./support/run.ts";

const timeout = 120_000;

test("A revert shows its plan, does nothing on a dry run, and needs --yes where nobody can be asked", {
  timeout,
}, async () => {
  const cwd = await filledFolder();
  const args = ["revert", "o-1", "--to", "2", "--as", "dora", ...orders];
  const dry = await run([...args, "--dry-run"], { cwd });
  expect({ code: dry.code, err: dry.err }).toEqual({ code: 0, err: "Nothing was changed (--dry-run).\n" });
  await expect(dry.out).toMatchFileSnapshot("golden/revert-plan.txt");

  const facts = await run([...args, "--dry-run", "--json", "--quiet"], { cwd });
  expect(JSON.parse(facts.out)).toMatchObject({
    dryRun: true,
    plan: { id: "o-1", from: 4, to: 2, by: "dora", takesBack: [{ version: 3 }, { version: 4 }] },
  });

  const unasked = await run(args, { cwd });
  expect(unasked.code).toBe(2);
  expect(unasked.err).toContain("Nothing was changed: without a terminal to ask on, --yes is needed");
  expect((await run(["history", "o-1", "--json", ...orders], { cwd })).out.match(/\n/g)).toHaveLength(4);

  const done = await run([...args, "--yes", "--quiet", "--reason", "wrong price"], { cwd });
  expect(done).toEqual({ code: 0, out: "o-1 is at version 5 now.\n", err: "" });
  const [newest] = (await run(["history", "o-1", "--limit", "1", ...orders], { cwd })).out.split("\n");
  expect(newest).toMatch(/^v5 .* dora {2}reverted to v2 .* wrong price$/);
  const [now, then] = await Promise.all([
    run(["show", "o-1", "--quiet", ...orders], { cwd }),
    run(["show", "o-1", "--at", "2", "--quiet", ...orders], { cwd }),
  ]);
  expect(now).toEqual(then);
});

test("A revert of a deleted document brings it back; a revert to the current state stores nothing", {
  timeout,
}, async () => {
  const cwd = await filledFolder();
  const back = await run(["revert", "o-3", "--to", "1", "--as", "dora", "--yes", "--json", "-q", ...orders], {
    cwd,
  });
  expect(JSON.parse(back.out)).toMatchObject({
    id: "o-3",
    version: 3,
    by: "dora",
    changed: true,
    view: "current",
  });
  const same = await run(["revert", "o-3", "--to", "1", "--as", "dora", "--yes", "-q", ...orders], { cwd });
  expect(same.out).toBe("o-3 is as it was, at version 3; nothing was stored.\n");
  const absent = await run(["revert", "o-3", "--to", "2", "--as", "dora", "--yes", "-q", ...orders], { cwd });
  expect(absent.code).toBe(1);
  expect(absent.err).toMatch(/did not (exist|live)/);
});

const script = (commands: string): string => `#!/bin/sh\n${commands}\n`;

test("edit opens the document in the editor, and stores the edited text", { timeout }, async () => {
  const cwd = await filledFolder();
  writeFileSync(join(cwd, "editor"), script('sed -i "s/c-9/c-10/" "$1"'), { mode: 0o755 });
  const env = { EDITOR: "./editor", TMPDIR: cwd };
  const edited = await run(["edit", "o-2", "--as", "dora", "--reason", "new number", "--yes", ...orders], {
    cwd,
    env,
  });
  expect(edited.code).toBe(0);
  await expect(edited.err).toMatchFileSnapshot("golden/edit-plan.txt");
  expect(edited.out).toBe("o-2 is at version 2 now.\n");
  const same = await run(["edit", "o-2", "--as", "dora", "--yes", ...orders], {
    cwd,
    env: { ...env, EDITOR: "true" },
  });
  expect(same).toMatchObject({ code: 0, out: "o-2 is as it was, at version 2; nothing was stored.\n" });
  const asJson = await run(["edit", "o-2", "--as", "dora", "--yes", "--json", ...orders], {
    cwd,
    env: { ...env, EDITOR: "true" },
  });
  expect(asJson).toMatchObject({ code: 0, out: '{"id":"o-2","version":2,"changed":false}\n' });
  // the file of the editor is removed again
  expect(readdirSync(cwd).filter((name) => name.startsWith("everdraft-edit"))).toEqual([]);
});

test("A text that cannot be read is kept, and nothing is stored", { timeout }, async () => {
  const cwd = await filledFolder();
  writeFileSync(join(cwd, "editor"), script('echo "{ broken" > "$1"'), { mode: 0o755 });
  const env = { EDITOR: "./editor", TMPDIR: cwd };
  const broken = await run(["edit", "o-2", "--as", "dora", "--yes", ...orders], { cwd, env });
  expect(broken.code).toBe(1);
  const [, file] = broken.err.match(/Your text is in (\S+);/) as string[];
  expect(readFileSync(file as string, "utf8")).toBe("{ broken\n");
  const failed = await run(["edit", "o-2", "--as", "dora", "--yes", ...orders], {
    cwd,
    env: { ...env, EDITOR: "false" },
  });
  expect(failed).toMatchObject({ code: 1, err: "The editor ended with code 1; nothing was changed.\n" });
  const none = await run(["edit", "o-2", "--as", "dora", "--yes", ...orders], { cwd });
  expect(none).toMatchObject({
    code: 2,
    err: "No editor is named: set EDITOR, or give the new state by --from FILE.\n",
  });
});

test("Where nobody can be asked and --yes is missing, the editor is not even opened", {
  timeout,
}, async () => {
  const cwd = await filledFolder();
  const env = { EDITOR: "touch opened;", TMPDIR: cwd };
  const unasked = await run(["edit", "o-2", "--as", "dora", ...orders], { cwd, env });
  expect(unasked).toMatchObject({ code: 2, err: expect.stringContaining("--yes is needed") });
  expect(readdirSync(cwd)).not.toContain("opened");
});

test("A conflict keeps the text of the editor", { timeout }, async () => {
  const cwd = await filledFolder();
  const other = `'${process.execPath}' '${join(import.meta.dirname, "../dist/main.js")}' edit o-2 --as eve --from - --yes -q ${orders.join(" ")}`;
  writeFileSync(
    join(cwd, "editor"),
    script(`echo '{ "by": "eve" }' | ${other}\necho '{ "by": "dora" }' > "$1"`),
    {
      mode: 0o755,
    },
  );
  const env = { EDITOR: "./editor", TMPDIR: cwd };
  const late = await run(["edit", "o-2", "--as", "dora", "--yes", ...orders], { cwd, env });
  expect(late.code).toBe(1);
  expect(late.err).toMatch(/eve/);
  const [, file] = late.err.match(/Your text is in (\S+); put in the changes of others, then /) as string[];
  expect(readFileSync(file as string, "utf8")).toBe('{ "by": "dora" }\n');
});

test("edit takes the state from a file or from stdin, and makes a document only with --create", {
  timeout,
}, async () => {
  const cwd = await filledFolder();
  const args = ["--as", "dora", "--yes", "--quiet", ...orders];
  const input = '{ "customer": "c-1", "count": { "$numberLong": "7" } }';
  expect(await run(["edit", "o-7", "--from", "-", ...args], { cwd, input })).toMatchObject({
    code: 1,
    err: 'There is no document "o-7" in orders, and never was.\n',
  });
  expect((await run(["edit", "o-7", "--from", "-", "--create", ...args], { cwd, input })).out).toBe(
    "o-7 is at version 1 now.\n",
  );
  expect((await run(["show", "o-7", "--json", ...orders], { cwd })).out).toContain(
    '"state":{"count":7,"customer":"c-1"}',
  );
  for (const [bad, why] of [
    ["[1]", "A document is an object: { … }.\n"],
    ["", "This is not JSON: Unexpected end of JSON input.\n"],
    ['{ "a": { "$date": "never" } }', "This is no Extended JSON: $date takes an ISO 8601 date.\n"],
    [
      '{ "a": { "$oid": "64b000000000000000000000" } }',
      "A value is of the type ObjectId, which this storage does not have.\n",
    ],
  ] as const)
    expect(await run(["edit", "o-7", "--from", "-", ...args], { cwd, input: bad })).toEqual({
      code: 2,
      out: "",
      err: why,
    });
});

test("sweep and verify say what they looked at", { timeout }, async () => {
  const cwd = await filledFolder();
  expect(await run(["sweep", "--yes", "-q", ...orders], { cwd })).toMatchObject({ code: 0, err: "" });
  const verified = await run(["verify", ...orders], { cwd });
  expect(verified).toMatchObject({ code: 0, out: "Verified 3 documents: nothing differs.\n" });
});

test("An undo takes back one event and keeps the later ones; places that those touched need a decision", {
  timeout,
}, async () => {
  const cwd = newFolder();
  const states = [
    {},
    {
      status: "open",
      lines: [
        { id: "A", qty: 1 },
        { id: "B", qty: 1 },
      ],
    },
    {
      status: "paid",
      note: "x",
      lines: [
        { id: "A", qty: 5 },
        { id: "B", qty: 1 },
      ],
    },
    {
      status: "sent",
      note: "x",
      lines: [
        { id: "B", qty: 1 },
        { id: "A", qty: 5 },
      ],
    },
  ];
  await run(["init", ...orders, "--yes", "-q"], { cwd });
  for (const [n, state] of states.entries()) {
    writeFileSync(join(cwd, "state.json"), JSON.stringify(state));
    const edit = ["edit", "o-1", "--from", "state.json", "--as", "bob", "--yes", "-q", ...orders];
    expect(await run(n === 0 ? [...edit, "--create"] : edit, { cwd })).toMatchObject({ code: 0 });
  }
  const dry = await run(["undo", "o-1", "3", "--as", "dora", "--dry-run", ...orders], { cwd });
  expect(dry.out).toMatch(
    /later events touched:\n {4}status {2}by v4 {2}bob\n {2}stores nothing, unless --keep or --take decides\n/,
  );
  const undecided = await run(["undo", "o-1", "v3", "--as", "dora", "--yes", "-q", ...orders], { cwd });
  expect(undecided).toMatchObject({ code: 1, out: "", err: expect.stringContaining("status (version 4)") });
  const kept = await run(["undo", "o-1", "3", "--as", "dora", "--keep", "--yes", ...orders], { cwd });
  expect(kept.err).toContain(
    'stores 1 event: 0 added, 1 removed, 1 changed\n    ~ lines › A › qty: 5 → 1\n    - note: "x"\n',
  );
  expect(kept.out).toBe("o-1 is at version 5 now.\n");
  expect((await run(["history", "o-1", "--limit", "1", ...orders], { cwd })).out).toMatch(
    /^v5 .* dora {2}undone v3 /,
  );
  const redone = await run(["redo", "o-1", "--as", "dora", "--yes", "-q", ...orders], { cwd });
  expect(redone).toMatchObject({ code: 0, out: "o-1 is at version 6 now.\n" });
  const shown = await run(["diff", "o-1", "4", "6", "-q", ...orders], { cwd });
  expect(shown).toMatchObject({ code: 0, out: "" });
  const both = ["undo", "o-1", "3", "--as", "dora", "--keep", "--take", ...orders];
  expect(await run(both, { cwd })).toMatchObject({ code: 2 });
  expect(await run(["undo", "o-1", "x", "--as", "dora", ...orders], { cwd })).toMatchObject({
    code: 2,
    err: expect.stringContaining('"x" is no version'),
  });
  const created = await run(["undo", "o-1", "1", "--as", "dora", "--yes", "-q", ...orders], { cwd });
  expect(created).toMatchObject({ code: 1, err: expect.stringContaining("Use delete") });
});
