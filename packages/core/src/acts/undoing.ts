import { type TakenBack, type Touched, takeBack } from "../changes/take-back.ts";
import { advance, type Tracked, track } from "../changes/track.ts";
import type { BlamedEvent } from "../context/blamed.ts";
import { migrateForCaller } from "../context/hand-out.ts";
import type { OnDocument } from "../context/on-document.ts";
import { CorruptEventError } from "../errors/corrupt-event-error.ts";
import { NotFoundError } from "../errors/not-found-error.ts";
import { type UndoConflict, UndoConflictError } from "../errors/undo-conflict-error.ts";
import { UndoRefusedError } from "../errors/undo-refused-error.ts";
import { VersionAheadError } from "../errors/version-ahead-error.ts";
import type { Folded } from "../fold/folded.ts";
import { blamedEvent } from "../history/blamed-event.ts";
import { readEvents } from "../history/read-events.ts";
import { replay } from "../history/replay.ts";
import { steps } from "../history/steps.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { StoredEvent, StoredEventType } from "../model/event.ts";
import { applyPatches } from "../patch/apply-patches.ts";
import { diffStates } from "../patch/diff.ts";
import type { Path } from "../value/path.ts";
import { lend, seal } from "../value/seal.ts";
import { isPlain, type PlainObject } from "../value/value.ts";
import type { Act, Decision } from "./act.ts";

type Mark = BlamedEvent<DocumentId>;

/** The event that an undo takes back, and where it gives way. */
export interface AskedUndo {
  readonly version: number;
  /** Places that are taken back; undefined is all. */
  readonly paths: readonly Path[] | undefined;
  readonly onConflict: "stop" | "keep" | "take";
}

/** The remedies for events that are not undone. */
const refused: Readonly<Partial<Record<StoredEventType, string>>> = {
  created: "Use delete to take the document away.",
  deleted: "Use restore to bring the document back.",
  imported: "Use revert to go back to an earlier state, or edit to change it.",
  adopted: "Use delete to take the document away.",
  compacted: "Use revert to go back to an earlier state.",
  erased: "Erased values cannot be had back.",
  blank: "A blank event changed nothing.",
};

/** The parts of an undo by which a key knows it again. */
function argumentOf({
  version,
  paths,
}: { readonly version: number | undefined } & Pick<AskedUndo, "paths">): PlainObject {
  return { ...(version !== undefined && { version }), ...(paths !== undefined && { paths }) };
}

/** Takes back one event, and keeps the later ones. */
export function undoing(on: OnDocument, asked: AskedUndo): Act {
  return {
    kind: "undo",
    argument: () => argumentOf(asked),
    readsLog: true,
    decide: async (base) => {
      const { event, state, touched } = await planTakeBack(on, base, asked);
      if (asked.onConflict === "stop" && touched.length > 0) throw conflictOf(on, asked, touched);
      return decisionOf(on, base, event, state);
    },
  };
}

/** Takes back an undo; by default the newest that stands and that no later event took back. */
export function redoing(
  on: OnDocument,
  asked: { readonly version: number | undefined } & Omit<AskedUndo, "version">,
): Act {
  return {
    kind: "redo",
    argument: () => argumentOf(asked),
    readsLog: true,
    decide: async (base) => {
      const version = asked.version ?? (await newestUndo(on, base));
      if (version === undefined) return undefined;
      const event = version > base.version ? undefined : await on.event(version);
      if (event !== undefined && event.type !== "undone")
        throw refusal(on, event, "redo takes back an undo", "Use undo for events of other types.");
      return undoing(on, { ...asked, version }).decide(base);
    },
  };
}

/** The newest event that stands for an undo (of undone events along its refs there is an odd number) and is in force. */
async function newestUndo(on: OnDocument, base: Folded): Promise<number | undefined> {
  const takenBack = new Set<number>();
  const standsForUndo = new Map<number, boolean>();
  for await (const page of readEvents(on, { from: 1, to: base.version })) {
    for (const { type, version, ref } of page) {
      if (type !== "undone" || ref === undefined) continue;
      takenBack.add(ref.version);
      standsForUndo.set(version, standsForUndo.get(ref.version) !== true);
    }
  }
  return [...standsForUndo].findLast(([version, stands]) => stands && !takenBack.has(version))?.[0];
}

/** An event taken out of the state of a base. */
export interface PlannedTakeBack extends TakenBack<Mark> {
  readonly event: StoredEvent;
}

/** Throws the errors that refuse an undo, but for conflicts. */
export async function planTakeBack(on: OnDocument, base: Folded, asked: AskedUndo): Promise<PlannedTakeBack> {
  const { doc: id, resources } = on;
  const { version, paths } = asked;
  if (base.changed === 0) throw new NotFoundError({ id });
  if (version > base.version) throw new VersionAheadError({ id, version, head: base.changed });
  const event = await on.event(version);
  if (event === undefined)
    throw new CorruptEventError({ id, version, reason: `version ${version} is missing` });
  const remedy = refused[event.type];
  if (remedy !== undefined) throw refusal(on, event, "events of this type are not undone", remedy);
  const { before, after, root, wasGone } = await trackedSince(on, event, base.version);
  const now = base.state;
  if (before !== undefined && after !== undefined && now !== undefined && !wasGone) {
    const { types } = resources;
    const takes = asked.onConflict === "take";
    return { event, ...takeBack({ before, after, now, root, types, isMeant: meant(paths), takes }) };
  }
  if (after !== undefined && (wasGone || now === undefined))
    throw refusal(
      on,
      event,
      "the document was deleted since",
      "Use restore or revert to bring a state back.",
    );
  if (after === undefined && now !== undefined)
    throw refusal(
      on,
      event,
      "the document was made anew since",
      "Use revert to go back to an earlier state.",
    );
  // the event made the document live, or took it away
  const touched =
    after === undefined || root.touched === undefined
      ? []
      : [{ path: [], set: after, now, mark: root.touched }];
  return { event, state: touched.length > 0 && asked.onConflict === "keep" ? now : before, touched };
}

function meant(paths: readonly Path[] | undefined): (path: Path) => boolean {
  return (path) => paths === undefined || paths.some((one) => one.every((step, i) => path[i] === step));
}

interface TrackedSince {
  /** The state before the event, in the schema of the event. */
  readonly before: PlainObject | undefined;
  readonly after: PlainObject | undefined;
  /** Tracked from the state after the event up to a version. */
  readonly root: Tracked<Mark | undefined>;
  /** Whether the document was gone in between. */
  readonly wasGone: boolean;
}

async function trackedSince(on: OnDocument, event: StoredEvent, to: number): Promise<TrackedSince> {
  const { types } = on.resources;
  const { folded } = await replay(on, { version: event.version - 1 });
  let [after, wasGone]: [PlainObject | undefined, boolean] = [undefined, false];
  const root = track<Mark | undefined>(undefined);
  for await (const step of steps(on, folded, { version: to })) {
    if (step.event.version === event.version) {
      after = step.after.state;
      continue;
    }
    const marking = { mark: blamedEvent(step.event), isIgnored: false, types };
    advance(root, step.before.state, step.after.state, marking);
    wasGone ||= step.after.state === undefined && after !== undefined;
  }
  return { before: withoutItsMigration(folded.state, event), after, root, wasGone };
}

/** A migration is not taken back: the state that the event changed is the one that its migration made. */
function withoutItsMigration(state: PlainObject | undefined, event: StoredEvent): PlainObject | undefined {
  if (event.migrated === undefined) return state;
  const migrated = applyPatches(state, event.patches.slice(0, event.migrated));
  return isPlain(migrated) ? seal(migrated) : undefined;
}

/** The event that stores a state without the change; undefined where that is the state now. */
export function decisionOf(
  on: OnDocument,
  base: Folded,
  event: StoredEvent,
  undone: unknown,
): Decision | undefined {
  const { resources, doc } = on;
  const state = isPlain(undone) ? seal(undone) : undefined;
  // a state that cannot be handed out afterwards must not be stored
  if (state !== undefined) migrateForCaller(resources, doc, state, base.schema);
  const patches = diffStates(base.state, state, resources.types, "content");
  const ref = { version: event.version, event: event.id };
  return patches.length === 0 ? undefined : { type: "undone", patches, schema: base.schema, ref };
}

function refusal(
  { doc: id }: OnDocument,
  { version, type }: StoredEvent,
  reason: string,
  remedy: string,
): UndoRefusedError {
  return new UndoRefusedError({ id, version, type, reason, remedy });
}

function conflictOf(
  on: OnDocument,
  { version: undone }: AskedUndo,
  touched: readonly Touched<Mark>[],
): UndoConflictError {
  const places = touched.map(({ path, mark }) => ({ path, version: mark.version }));
  return new UndoConflictError({ id: on.doc, undone, places }, conflictsOf(on, touched));
}

/** The places with their values as they are handed out. */
export function conflictsOf(
  { resources: { types } }: OnDocument,
  touched: readonly Touched<Mark>[],
): readonly UndoConflict[] {
  return touched.map(({ path, set, now, mark }) => ({
    path,
    set: lend(set, types),
    now: lend(now, types),
    event: mark,
  }));
}
