import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { createStore } from "@everdraft/core";
import type { Storage } from "@everdraft/core/adapter";
import { type StoreFinding, verify } from "@everdraft/core/upkeep";
import { describe, expect, onTestFinished, test } from "vitest";
import { randomFrom } from "../random.ts";
import { seeded } from "../seeded.ts";
import { linesOfSheets, type Sheet, sheetId, sheets } from "./rebuild-child.ts";

/** A storage that several processes can open. */
export interface SharedStorage {
  /** The name used in titles. */
  readonly name: string;
  /** A fresh place. */
  readonly place: () => Promise<{
    /** Opens it in this process. */
    readonly open: () => Storage;
    /** A script that calls `runRebuildChild` on it, and the arguments before those of that. */
    readonly script: readonly string[];
    /** Takes the place away. */
    readonly close: () => Promise<void>;
  }>;
}

const count = 60;
const longest = 240_000;

/**
 * Registers the tests of rebuilds by real processes: killed at random with writers going on, shared by two, and taken
 * over from a dead one. `EVERDRAFT_WHOLE=1` kills twenty times instead of three.
 */
export function describeRebuilds({ name, place }: SharedStorage): void {
  const kills = process.env.EVERDRAFT_WHOLE === "1" ? 20 : 3;

  describe(`rebuilds on ${name} by several processes`, () => {
    test(
      `killed ${kills} times with a writer going on, then run to the end: every view and row is what the log gives`,
      async () => {
        const seed = seeded(1).seed ?? Math.floor(Math.random() * 2 ** 31);
        const random = randomFrom(`rebuilds ${seed}`);
        const world = await setUp(place);
        const writer = world.start(["write", "w", String(count)]);
        await writer.heard((line) => line.startsWith("wrote"));
        for (let kill = 0; kill < kills; kill++) {
          const rebuilder = world.start(["rebuild", kill % 2 === 0 ? "lines" : "view", "5"]);
          await rebuilder.heard((line) => line === "ready");
          rebuilder.say("go");
          const atLine = Math.floor(random() * 30);
          await rebuilder.heard((_, n) => n > atLine);
          rebuilder.child.kill("SIGKILL");
          await rebuilder.ended;
        }
        for (const target of ["lines", "view"]) {
          const last = world.start(["rebuild", target, "5"]);
          last.say("go");
          await last.ended;
          expect(resultOf(last.lines), `seed ${seed}`).toMatchObject({ complete: true, failures: 0 });
        }
        writer.child.stdin?.end();
        await writer.ended;
        await world.isWhole();
      },
      longest,
    );

    test(
      "two processes share a rebuild: every document is done once, each does its part",
      async () => {
        const world = await setUp(place);
        const both = [1, 2].map(() => world.start(["rebuild", "lines", "2", "20"]));
        for (const one of both) await one.heard((line) => line === "ready");
        for (const one of both) one.say("go");
        await Promise.all(both.map(({ ended }) => ended));
        const done = both.map(({ lines }) => lines.filter((line) => line.startsWith("document")));
        expect(done.flat().toSorted()).toEqual(
          Array.from({ length: count }, (_, n) => `document ${sheetId(n)}`),
        );
        for (const { length } of done) expect(length / count).toBeGreaterThanOrEqual(0.3);
        await world.isWhole();
      },
      longest,
    );

    test(
      "the range of a dead process is taken over",
      async () => {
        const world = await setUp(place);
        const stuck = world.start(["rebuild", "lines", "10", "stuck"]);
        stuck.say("go");
        await stuck.heard((line) => line.startsWith("document"));
        stuck.child.kill("SIGKILL");
        await stuck.ended;
        const other = world.start(["rebuild", "lines", "10"]);
        other.say("go");
        await other.ended;
        expect(resultOf(other.lines)).toMatchObject({ complete: true, documents: count, failures: 0 });
        await world.isWhole();
      },
      longest,
    );
  });
}

async function setUp(place: SharedStorage["place"]) {
  const { open, script, close } = await place();
  const running: ChildProcess[] = [];
  const storage = open();
  onTestFinished(async () => {
    for (const child of running) child.kill("SIGKILL");
    await storage.close();
    await close();
  });
  // of a day ago, so that no sweep and no second pass looks at them: an import would be noted as of now
  const clock = (): number => Date.now() - 86_400_000;
  const store = createStore<Sheet>({ collection: sheets, storage, clock });
  await Promise.all(
    Array.from({ length: count }, (_, n) =>
      store.create(sheetId(n), "alice", { lines: [`first-${n}`, `second-${n}`] }),
    ),
  );
  await store.close();
  const swept = createStore<Sheet>({ collection: sheets, storage });
  await swept.ready();
  await swept.sweep();
  await swept.close();
  return {
    start: (args: readonly string[]) => {
      const child = spawn(process.execPath, [...script, ...args], { stdio: ["pipe", "pipe", "inherit"] });
      running.push(child);
      return listen(child);
    },
    /** Compares every view and row with the log. */
    isWhole: async () => {
      const checked = createStore<Sheet>({ collection: sheets, storage, projections: [linesOfSheets()] });
      const findings: StoreFinding[] = [];
      // views that the last writer left behind as it ended are swept; all else is a finding
      await checked.sweep();
      const result = await verify(checked, { onFinding: (finding) => findings.push(finding) });
      expect(findings).toEqual([]);
      expect(result).toMatchObject({ complete: true, documents: count, failures: 0 });
      const views = await checked.find().toArray();
      const rows = await checked.rows(linesOfSheets()).find().toArray();
      expect(rows.map(({ row }) => `${row.sheet} ${row.text}`)).toEqual(
        views.flatMap(({ id, state: { lines } }) => lines.map((text) => `${id} ${text}`)),
      );
      await checked.close();
    },
  };
}

function listen(child: ChildProcess) {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const output = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  output.on("line", (line) => {
    lines.push(line);
    for (const look of waiting) look();
  });
  const ended = Promise.all([once(child, "exit"), once(output, "close")]);
  // a child that was killed has no use for input
  child.stdin?.on("error", () => undefined);
  return {
    child,
    lines,
    ended,
    say: (line: string): void => {
      child.stdin?.write(`${line}\n`);
    },
    /** Waits for a line (or its number), or for the end of the process. */
    heard: (wanted: (line: string, n: number) => boolean): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!lines.some(wanted)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
        void ended.then(() => resolve());
      }),
  };
}

function resultOf(lines: readonly string[]): unknown {
  const line = lines.find((one) => one.startsWith("result "));
  return line === undefined ? undefined : JSON.parse(line.slice("result ".length));
}
