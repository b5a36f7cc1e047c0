import type { Patch } from "@everdraft/core";
import type { StoredEvent } from "@everdraft/core/adapter";

/** The fields that a tamperer writes into an event. */
type EventChange = (event: StoredEvent) => Partial<Record<keyof StoredEvent, unknown>>;

/** Every stored field of an event, changed in ways that leave a plausible event. */
export const eventChanges: Readonly<Record<string, EventChange>> = {
  id: () => ({ id: "01ARZ3NDEKTSV4RRFFQ69G5FAV" }),
  doc: () => ({ doc: "another" }),
  "version up": ({ version }) => ({ version: version + 1 }),
  "version far up": ({ version }) => ({ version: version + 100 }),
  "at later": ({ at }) => ({ at: at + 1500 }),
  "at earlier": ({ at }) => ({ at: at - 1500 }),
  "at of no number": () => ({ at: Number.NaN }),
  by: () => ({ by: "mallory" }),
  type: ({ type }) => ({ type: type === "edited" ? "reverted" : "edited" }),
  act: () => ({ act: "one-act" }),
  ref: ({ ref }) => ({ ref: { ...ref, version: (ref?.version ?? 0) + 1 } }),
  "ref dropped, or put there": ({ ref }) => ({ ref: ref === undefined ? { version: 1 } : undefined }),
  "ref's date": ({ ref }) => ({ ref: { version: ref?.version ?? 1, at: (ref?.at ?? 0) + 1 } }),
  "no patches": ({ patches }) => ({ patches: patches.length === 0 ? [put(["n"], 9)] : [] }),
  "one patch more": ({ patches }) => ({ patches: [...patches, put([], { forged: true })] }),
  "a value": (event) => ({ patches: some(event).map((patch) => put(patch.path, { forged: true })) }),
  "a path": (event) => ({ patches: some(event).map((patch) => ({ ...patch, path: [...patch.path, "x"] })) }),
  "an operation": (event) => ({ patches: some(event).map(({ path }) => ({ op: "add", path, value: 1 })) }),
  schema: ({ schema }) => ({ schema: schema + 1 }),
  migrated: ({ migrated }) => ({ migrated: (migrated ?? 0) + 1 }),
  "migrated dropped, or put there": ({ migrated }) => ({ migrated: migrated === undefined ? 0 : undefined }),
  reason: ({ reason }) => ({ reason: `not ${reason}` }),
  "reason dropped, or put there": ({ reason }) => ({ reason: reason === undefined ? "" : undefined }),
  meta: ({ meta }) => ({ meta: { ...meta, forged: true } }),
  "meta dropped, or put there": ({ meta }) => ({ meta: meta === undefined ? {} : undefined }),
  salt: () => ({ salt: "AAAAAAAAAAAAAAAAAAAAAA" }),
  hash: () => ({ hash: "x".repeat(43) }),
  "format of the future": () => ({ format: 2 }),
  "format of nobody": () => ({ format: 0 }),
};

/** The events with one field of one of them changed. */
export function withChange(
  events: readonly StoredEvent[],
  version: number,
  field: string,
): readonly StoredEvent[] {
  const change = eventChanges[field];
  if (change === undefined) throw new RangeError(`there is no change named ${field}`);
  return events.map((one) => (one.version === version ? withoutUndefined({ ...one, ...change(one) }) : one));
}

// a field that is undefined is an absent one in every storage
function withoutUndefined(event: object): StoredEvent {
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined)) as never;
}

/** The patches of an event, or one where it has none. */
function some({ patches }: StoredEvent): readonly Patch[] {
  return patches.length === 0 ? [put(["n"], 9)] : patches;
}

function put(path: Patch["path"], value: unknown): Patch {
  return { op: "replace", path, value };
}
