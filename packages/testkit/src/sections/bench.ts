import {
  type Append,
  type Call,
  type DocumentId,
  type IdKind,
  type Outcome,
  type Storage,
  type StoredCollection,
  type StoredEvent,
  type ValueTypes,
  type View,
  valueTypes,
} from "@everdraft/core/adapter";
import { eventHash } from "@everdraft/core/internals";
import { expect } from "vitest";
import { difference } from "../build/exact.ts";
import type { OpenedStorage, StorageFixture } from "../fixture.ts";
import type { Section } from "./section.ts";

/** The bench of a check: a fresh storage with one open collection. */
export interface Bench extends StoredCollection {
  readonly fixture: StorageFixture;
  readonly opened: OpenedStorage;
  readonly storage: Storage<string>;
  /** The kinds of id, in the order of scans. */
  readonly kinds: readonly IdKind[];
  /** The declared value types. */
  readonly types: ValueTypes;
}

/** The checks about one question of the port. */
export type PortSection = Section<Bench>;

/** The bounds of every call that the kit makes. */
export const call: Call = { timeoutMs: 60_000 };

/** The collection that checks use unless they need several. */
export const collectionName = "kit";

/** Why a check stops asking for pages: a broken storage must fail it, not hang it. */
export const endless = "more is given in pages than there is";

/** Opens a fresh storage, runs a check on it, and closes it whatever happened. */
export async function onFreshStorage(
  fixture: StorageFixture,
  prove: (bench: Bench) => Promise<void>,
): Promise<void> {
  const opened = await fixture.open();
  try {
    const { storage } = opened;
    const collection = await storage.open(collectionName, call);
    const { idKinds, valueTypes: declared } = storage.capabilities;
    await prove({ ...collection, fixture, opened, storage, kinds: idKinds, types: valueTypes(declared) });
  } finally {
    await opened.close();
  }
}

/** Whether documents of this storage may have numbers as ids. */
export function takesNumbers({ kinds }: Bench): boolean {
  return kinds.some((kind) => kind.is(1));
}

/** Commits and insists that everything was stored, with its view where it has one. */
export async function store(
  { log }: Pick<StoredCollection, "log">,
  appends: readonly Append[],
  order: "independent" | "chain" = "independent",
): Promise<readonly Outcome[]> {
  const outcomes = await log.commit(appends, order, call);
  expect(outcomes.map(({ event }) => event)).toEqual(appends.map(() => "stored"));
  outcomes.forEach((outcome, i) => {
    if (outcome.event !== "stored") return;
    const allowed = appends[i]?.view === undefined ? [undefined] : ["current", "inserted"];
    expect(allowed).toContain(outcome.view);
  });
  return outcomes;
}

/** Writes a view, again as long as the storage says that it may be tried again. */
export async function writeView({ views }: Pick<StoredCollection, "views">, view: View): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    const outcome = await views.write(view, "lower", call);
    expect(["current", "inserted", "behind"]).toContain(outcome);
    if (outcome !== "behind") return;
  }
  throw new Error("the view is behind after 50 tries");
}

/** All events of a document. */
export async function eventsOf(
  { log }: Pick<StoredCollection, "log">,
  doc: DocumentId,
): Promise<readonly StoredEvent[]> {
  return log.read(doc, { from: 1, to: Number.MAX_SAFE_INTEGER, limit: 10_000 }, call);
}

/** Insists that a value came back exactly as it was sent. */
export function expectExact(found: unknown, sent: unknown, types: ValueTypes): void {
  const other = difference(found, sent, types);
  if (other !== undefined) expect.fail(`It came back otherwise than it was sent, ${other}.`);
}

/** Insists that an event came back exactly, so that its hash still follows from its contents. */
export function expectEvent(
  found: StoredEvent | undefined,
  sent: StoredEvent,
  previous: string | null,
  types: ValueTypes,
): void {
  expectExact(found, sent, types);
  if (found !== undefined)
    expect(eventHash({ ...found, patches: [...found.patches] }, previous, types)).toBe(sent.hash);
}

/** The versions that the log has of a document. */
export async function versions(bench: Pick<StoredCollection, "log">, doc: DocumentId): Promise<number[]> {
  return (await eventsOf(bench, doc)).map(({ version }) => version);
}

/** The element at an index; a mistake of the kit where there is none. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list.at(index);
  if (found === undefined) throw new RangeError(`there is no element ${index}`);
  return found;
}
