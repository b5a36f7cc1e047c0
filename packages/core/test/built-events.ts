import { type StoredEvent, valueTypes } from "@everdraft/core/adapter";
import { eventHash } from "@everdraft/core/internals";

/** Plain values only. */
export const types = valueTypes([]);

/** An event with a hash that follows from it. */
export function built(fields: Partial<StoredEvent>, previous: StoredEvent | null = null): StoredEvent {
  const version = (previous?.version ?? 0) + 1;
  const { hash: _, ...event } = {
    id: `e-${version}`,
    doc: "d",
    version,
    at: 1000 * version,
    by: `user-${version}`,
    type: "edited" as const,
    patches: [],
    schema: version,
    salt: Buffer.alloc(16, version).toString("base64url"),
    format: 1,
    ...fields,
  };
  return { ...event, hash: eventHash(event, previous?.hash ?? null, types) };
}

/** A history of three events. */
export function threeEvents(): [StoredEvent, StoredEvent, StoredEvent] {
  const first = built({
    type: "created",
    patches: [{ op: "replace", path: [], value: { n: 1, list: [1] } }],
  });
  const second = built({ patches: [{ op: "add", path: ["list", 1], value: 2 }] }, first);
  const third = built({ patches: [{ op: "replace", path: ["n"], value: 3 }], reason: "because" }, second);
  return [first, second, third];
}
