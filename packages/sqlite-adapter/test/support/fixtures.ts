import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Append,
  type Call,
  digestOfView,
  type PlainObject,
  type StoredCollection,
  type StoredEvent,
  type View,
  valueTypes,
} from "@everdraft/core/adapter";
import { eventHash } from "@everdraft/core/internals";
import { onTestFinished } from "vitest";
import { type EngineConnection, loadEngine } from "../../src/engine/engine.ts";
import { type SqliteStorage, sqliteStorage } from "../../src/index.ts";

/** Time enough for anything that is not to be stopped. */
export const call: Call = { timeoutMs: 5_000 };

const types = valueTypes([]);

/** The path of a file that does not exist yet, in a folder that is taken away after the test. */
export function newPath(name = "test.db"): string {
  const folder = mkdtempSync(join(tmpdir(), "everdraft-sqlite-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
}

/** A storage on a file, closed after the test. */
export function storageAt(path: string): SqliteStorage {
  const storage = sqliteStorage(path);
  onTestFinished(() => storage.close());
  return storage;
}

/** The collection "orders" of a file. */
export function ordersAt(path: string): Promise<StoredCollection> {
  return storageAt(path).open("orders", call);
}

const { DatabaseSync } = await loadEngine();

/** A connection of the same engine that does not go through the adapter, closed after the test. */
export function rawAt(path: string): EngineConnection {
  const raw = new DatabaseSync(path);
  onTestFinished(() => {
    if (raw.isOpen) raw.close();
  });
  return raw;
}

let made = 0;

/** A well-formed event; version 1 creates `{ n: 1 }`, version n sets n. */
export function eventOf(given: Partial<StoredEvent> & { previous?: string } = {}): StoredEvent {
  const { previous = null, ...fields } = given;
  const version = fields.version ?? 1;
  const value = version === 1 ? { n: 1 } : version;
  const unhashed = {
    id: `event-${++made}`,
    doc: "o-1",
    version,
    at: 1_000 * version,
    by: "alice",
    type: version === 1 ? "created" : "edited",
    patches: Object.freeze([{ op: "replace", path: version === 1 ? [] : ["n"], value }] as const),
    schema: 1,
    salt: "c2FsdHNhbHRzYWx0c2FsdA",
    format: 1,
    ...fields,
  } as const;
  return { ...unhashed, hash: fields.hash ?? eventHash(unhashed, previous, types) };
}

/** The view right after an event; null where the document is deleted. */
export function viewOf(event: StoredEvent, given: PlainObject | null = { n: event.version }): View {
  const state = given ?? undefined;
  const { doc: id, version, at, by, schema, hash } = event;
  const facts = { id, version, hash, changed: version, at, by, eventId: event.id, schema, since: 0, state };
  return { ...facts, digest: digestOfView(facts, types) };
}

/** An event with its view, as a commit takes it. */
export function appendOf(given: Parameters<typeof eventOf>[0] = {}): Append {
  const event = eventOf(given);
  return { event, view: viewOf(event) };
}

/** Puts views of these ids and states into a collection. */
export async function fill(
  { views }: StoredCollection,
  states: Readonly<Record<string, PlainObject>>,
): Promise<void> {
  for (const [doc, state] of Object.entries(states)) {
    await views.write(viewOf(eventOf({ doc }), state), "lower", call);
  }
}
