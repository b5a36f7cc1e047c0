import { randomBytes, randomUUID } from "node:crypto";
import {
  type DocumentId,
  eventFormat,
  type Patch,
  type StoredEvent,
  type ValueTypes,
} from "@everdraft/core/adapter";
import { normalise, seal, sealEvent } from "@everdraft/core/internals";
import { plainTypes } from "./plain-types.ts";

/** The fields of an event that a test sets; the rest is filled in, and the hash computed. */
export type EventGiven = Partial<Omit<StoredEvent, "hash" | "doc">> & {
  /** The document. */
  readonly doc: DocumentId;
  /** The hash of the event before it. Default null, as for version 1. */
  readonly previous?: string | null;
};

/** The time of version 1 of every built document, in milliseconds; version n is n - 1 seconds later. */
export const firstTime: number = Date.UTC(2026, 0, 1);

/**
 * A well-formed event, normalised, hashed and frozen. By default version 1 creates `{ n: 1 }` and version n
 * sets `n` to n, made by the user "kit", one second after another, each under a fresh id.
 */
export function eventOf(given: EventGiven, types: ValueTypes = plainTypes): StoredEvent {
  const { previous = null, ...fields } = given;
  const { version = 1 } = fields;
  const unhashed = {
    id: randomUUID(),
    version,
    at: firstTime + (version - 1) * 1000,
    by: "kit",
    type: version === 1 ? "created" : "edited",
    schema: 1,
    salt: randomBytes(16).toString("base64url"),
    format: eventFormat,
    ...fields,
    patches: seal((fields.patches ?? [defaultPatch(version)]).map((patch) => normalised(patch, types))),
    ...(fields.meta !== undefined && { meta: normalise(fields.meta, types) }),
  } as const;
  return sealEvent(unhashed, previous, types);
}

// values one by one: a state may nest as deep as a value may, and patches put it a little deeper
function normalised(patch: Patch, types: ValueTypes): Patch {
  const path = [...patch.path];
  return patch.op === "remove"
    ? { op: patch.op, path }
    : { op: patch.op, path, value: normalise(patch.value, types) };
}

function defaultPatch(version: number): Patch {
  if (version === 1) return { op: "replace", path: [], value: { n: 1 } };
  return { op: "replace", path: ["n"], value: version };
}
