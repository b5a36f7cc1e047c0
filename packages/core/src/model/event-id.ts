import { randomFillSync } from "node:crypto";
import { monotonicFactory } from "ulid";
import { encode } from "../value/canonical.ts";
import { sha256Text } from "../value/digest.ts";
import type { ValueTypes } from "../value/value-type.ts";
import type { DocumentId } from "./document-id.ts";

const pool = new Uint8Array(4096);
let used = pool.length;

// ulid asks for randomness sixteen times an id; a pool makes that cost little
function random(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return (pool[used++] as number) / 256;
}

/** The times that an id can hold. From 1 on, since ulid takes 0 for no time at all. */
const [earliest, latest] = [1, 2 ** 48 - 1];

/**
 * A maker of ids whose times are those of a clock, in milliseconds since 1970; a time that no id can hold becomes the
 * nearest one. An id is never below the one before, also where the clock goes back.
 */
export function createIds(now: () => number): () => string {
  const next = monotonicFactory(random);
  return () => next(Math.min(latest, Math.max(earliest, Math.floor(now()))));
}

const next = createIds(() => Date.now());

/**
 * A new id that no other process makes: a ULID of 26 characters, by this process's clock. For ids of documents. Ids of one
 * process sort by the time of their making; those of several processes do not, so order by version or `at`, never by id.
 * Never throws, whatever the clock says.
 *
 * @example
 * const { id } = await orders.create(newId(), "alice", { customer: "c-7", status: "open", lines: [] });
 */
export function newId(): string {
  return next();
}

/**
 * Whether the id of an event was made for one call. All others are derived, from a key or an import, so two writers may send
 * the same one: a storage refuses the second within a document.
 */
export function isMadeId(eventId: string): boolean {
  return /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(eventId);
}

/** The event id that an idempotency key stands for, the same on every try and in every process. */
export function keyedEventId(doc: DocumentId, key: string, types: ValueTypes): string {
  return `key-${sha256Text(encode([doc, key], types))}`;
}

/** The id of the event of an imported revision, the same in every run of the import. */
export function importedEventId(name: string, doc: DocumentId, revision: number, types: ValueTypes): string {
  return `import-${sha256Text(encode([name, doc, revision], types))}`;
}
