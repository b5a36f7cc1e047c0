import { type EngineConnection, loadEngine } from "@everdraft/sqlite-adapter/engine";

const { DatabaseSync } = await loadEngine();

/** The engine of the adapter, with the pragmas of the adapter and nothing else around it. */
export function openBare(file: string): EngineConnection {
  const engine = new DatabaseSync(file);
  // a process that was killed a moment ago may still hold its lock
  engine.exec("PRAGMA busy_timeout = 5000");
  engine.exec("PRAGMA journal_mode = WAL");
  engine.exec("PRAGMA synchronous = FULL");
  return engine;
}

/** Writes an event and the state after it in one transaction, as somebody would who needs nothing else. */
export type BareWrite = (id: string, version: number, event: Uint8Array, state: Uint8Array) => void;

/** Makes two tables with one index each, and prepares all statements that write to them, those of the transaction included. */
export function bareWriter(engine: EngineConnection): BareWrite {
  engine.exec(
    `CREATE TABLE events (doc TEXT NOT NULL, version INTEGER NOT NULL, event BLOB NOT NULL,
    UNIQUE (doc, version)) STRICT`,
  );
  engine.exec("CREATE TABLE states (id TEXT PRIMARY KEY NOT NULL, state BLOB NOT NULL) STRICT");
  const begin = engine.prepare("BEGIN IMMEDIATE");
  const insert = engine.prepare("INSERT INTO events (doc, version, event) VALUES (?, ?, ?)");
  const upsert = engine.prepare(
    "INSERT INTO states (id, state) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state",
  );
  const commit = engine.prepare("COMMIT");
  return (id, version, event, state) => {
    begin.run();
    insert.run(id, version, event);
    upsert.run(id, state);
    commit.run();
  };
}
