import type { EngineConnection } from "@everdraft/sqlite-adapter/engine";
import fastJsonPatch, { type Operation } from "fast-json-patch";

/** A history written by hand in an afternoon: a table of documents and a table of JSON patches. */
export interface HandWritten<T extends object> {
  create(id: string, state: T, act?: Act): void;
  edit(id: string, change: (draft: T) => void): void;
  /** An edit by somebody who has the whole new state. */
  replace(id: string, state: T, act?: Act): void;
  get(id: string): T;
  stateAt(id: string, version: number): T;
}

/** Who edits, and why. */
export interface Act {
  readonly by: string;
  readonly reason?: string | undefined;
}

const somebody: Act = { by: "bob" };
const snapshotEvery = 50;
const tables = `CREATE TABLE docs (id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, state TEXT NOT NULL) STRICT;
  CREATE TABLE events (doc TEXT NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL, "by" TEXT NOT NULL,
  reason TEXT, patch TEXT NOT NULL, state TEXT, PRIMARY KEY (doc, version)) STRICT`;

type Stored = { version: number; state: string };

/** Makes the tables; every fiftieth event has the whole state beside it. Nothing is checked. */
export function handWritten<T extends object>(engine: EngineConnection): HandWritten<T> {
  engine.exec(tables);
  const now = engine.prepare("SELECT version, state FROM docs WHERE id = ?");
  const find = (id: string): Stored => now.get(id) as Stored;
  const store = storing<T>(engine);
  const begin = engine.prepare("BEGIN IMMEDIATE");
  const commit = engine.prepare("COMMIT");
  const change = (id: string, act: Act, next: (before: string) => T): void => {
    begin.run();
    const { version, state } = find(id);
    const after = next(state);
    store({
      id,
      version: version + 1,
      state: after,
      act,
      patch: fastJsonPatch.compare(JSON.parse(state), after),
    });
    commit.run();
  };
  return {
    create: (id, state, act = somebody) => store({ id, version: 1, state, act, patch: [] }),
    edit: (id, recipe) =>
      change(id, somebody, (before) => {
        const draft: T = JSON.parse(before);
        recipe(draft);
        return draft;
      }),
    replace: (id, state, act = somebody) => change(id, act, () => state),
    get: (id) => JSON.parse(find(id).state),
    stateAt: replaying<T>(engine),
  };
}

interface Change<T> {
  readonly id: string;
  readonly version: number;
  readonly state: T;
  readonly act: Act;
  readonly patch: readonly Operation[];
}

function storing<T>(engine: EngineConnection): (change: Change<T>) => void {
  const put = engine.prepare(
    `INSERT INTO docs (id, version, state) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state`,
  );
  const add = engine.prepare(
    'INSERT INTO events (doc, version, at, "by", reason, patch, state) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  return ({ id, version, state, act: { by, reason }, patch }) => {
    const text = JSON.stringify(state);
    const kept = version === 1 || version % snapshotEvery === 0 ? text : null;
    add.run(id, version, Date.now(), by, reason ?? null, JSON.stringify(patch), kept);
    put.run(id, version, text);
  };
}

function replaying<T>(engine: EngineConnection): (id: string, version: number) => T {
  const before = engine.prepare(
    `SELECT version, state FROM events WHERE doc = ? AND version <= ? AND state IS NOT NULL
    ORDER BY version DESC LIMIT 1`,
  );
  const between = engine.prepare(
    "SELECT patch FROM events WHERE doc = ? AND version > ? AND version <= ? ORDER BY version",
  );
  return (id, version) => {
    const snapshot = before.get(id, version) as Stored;
    let state: T = JSON.parse(snapshot.state);
    for (const { patch } of between.all(id, snapshot.version, version)) {
      state = fastJsonPatch.applyPatch(state, JSON.parse(String(patch))).newDocument;
    }
    return state;
  };
}
