import { optionsError } from "../context/check-options.ts";
import { migrateForCaller } from "../context/hand-out.ts";
import type { OnDocument } from "../context/on-document.ts";
import type { Resources } from "../context/resources.ts";
import { AbsentError } from "../errors/absent-error.ts";
import { DeletedError } from "../errors/deleted-error.ts";
import { ExistsError } from "../errors/exists-error.ts";
import { NotFoundError } from "../errors/not-found-error.ts";
import { VersionAheadError } from "../errors/version-ahead-error.ts";
import type { Folded } from "../fold/folded.ts";
import { replay } from "../history/replay.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { CheckedMoment } from "../model/moment.ts";
import type { Patch } from "../model/patch.ts";
import { normaliseState } from "../model/state.ts";
import { diffStates } from "../patch/diff.ts";
import { type AnyRecipe, runRecipe } from "../patch/run-recipe.ts";
import { lendSealed } from "../value/seal.ts";
import type { PlainObject } from "../value/value.ts";
import type { Act, Decision } from "./act.ts";

/** A value computed now whose error waits until it is asked for: a call must not see later changes of its arguments. */
function computedNow<V>(compute: () => V): () => V {
  try {
    const value = compute();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** A document's first state, or a deleted one's next. */
export function creating(resources: Resources, id: DocumentId, state: unknown): Act {
  const { types, schema } = resources;
  const checked = computedNow(() => normaliseState(state, id, types));
  return {
    kind: "create",
    argument: checked,
    readsLog: false,
    decide: (base) => {
      if (base.state !== undefined) {
        const { changed: version } = base;
        throw new ExistsError({ id, version });
      }
      return {
        type: "created",
        patches: [{ op: "replace", path: [], value: lendSealed(checked(), types) }],
        schema: schema.version,
      };
    },
  };
}

/** A change by a recipe. */
export function editing(resources: Resources, id: DocumentId, recipe: AnyRecipe): Act {
  if (typeof recipe !== "function") throw optionsError("recipe", "it is a function that changes a draft");
  const change = (state: PlainObject): Patch[] => runRecipe(state, recipe, id, resources.types);
  return { kind: "edit", ...changing(resources, id, change) };
}

/** A change to a whole new state, by content. */
export function replacing(resources: Resources, id: DocumentId, state: unknown): Act {
  const checked = computedNow(() => normaliseState(state, id, resources.types));
  const change = (before: PlainObject): Patch[] => diffStates(before, checked(), resources.types, "content");
  return { kind: "replace", argument: checked, ...changing(resources, id, change) };
}

/**
 * A change on the state in the store's schema version: one event brings an older state up to it and changes
 * it.
 */
function changing(
  resources: Resources,
  id: DocumentId,
  change: (state: PlainObject) => Patch[],
): Pick<Act, "readsLog" | "decide"> {
  const { schema, types } = resources;
  return {
    readsLog: false,
    decide: (base) => {
      const state = livingState(base, id);
      const migrated = migrateForCaller(resources, id, state, base.schema);
      const patches = change(migrated);
      if (patches.length === 0) return undefined;
      const raising = base.schema === schema.version ? [] : diffStates(state, migrated, types, "content");
      return {
        type: "edited",
        patches: [...raising, ...patches],
        schema: schema.version,
        ...(raising.length > 0 && { migrated: raising.length }),
      };
    },
  };
}

function livingState(base: Folded, id: DocumentId): PlainObject {
  if (base.state !== undefined) return base.state;
  const { changed: version } = base;
  // blanks alone close slots of a document that never was
  if (version === 0) throw new NotFoundError({ id });
  throw new DeletedError({ id, version });
}

/** The end of a document, which its history survives. */
export function deleting(id: DocumentId): Act {
  return {
    kind: "delete",
    readsLog: false,
    decide: (base) => {
      livingState(base, id);
      return { type: "deleted", patches: [{ op: "remove", path: [] }], schema: base.schema };
    },
  };
}

/** Back to the state before the newest deletion. */
export function restoring(on: OnDocument): Act {
  const { doc: id } = on;
  return {
    kind: "restore",
    readsLog: true,
    decide: async (base) => {
      if (base.changed === 0) throw new NotFoundError({ id });
      if (base.state !== undefined) return undefined;
      // of a document without a state the newest event that is no blank took it away
      const past = (await replay(on, { version: base.changed - 1 })).folded;
      const { changed: version } = past;
      return goingBack(on, base, past, { type: "restored", ref: { version } });
    },
  };
}

/** Back to the state of a moment. */
export function reverting(on: OnDocument, moment: CheckedMoment): Act {
  const { doc: id } = on;
  return {
    kind: "revert",
    argument: () => ("date" in moment ? { date: moment.date } : { version: moment.version }),
    readsLog: true,
    decide: async (base) => {
      if (base.changed === 0) throw new NotFoundError({ id });
      const past = await pastOf(on, base, moment);
      const { changed: version } = past;
      if (past.state === undefined) throw new AbsentError({ id, version });
      const at = "date" in moment ? { at: moment.date } : {};
      return goingBack(on, base, past, { type: "reverted", ref: { version, ...at } });
    },
  };
}

/** The document at a moment of its past, seen from a base: events after that base do not count. */
export async function pastOf(on: OnDocument, base: Folded, moment: CheckedMoment): Promise<Folded> {
  const { doc: id } = on;
  if ("date" in moment ? moment.date >= base.lastAt : moment.version === base.version) return base;
  if ("version" in moment && moment.version > base.version) {
    throw new VersionAheadError({ id, version: moment.version, head: base.changed });
  }
  return (await replay(on, moment)).folded;
}

/**
 * The past state exactly as it was, in the schema version that it had then: reading migrates it, as it does
 * at that moment.
 */
function goingBack(
  { resources, doc }: OnDocument,
  base: Folded,
  past: Folded,
  as: Pick<Decision, "type" | "ref">,
): Decision | undefined {
  // a state that cannot be handed out afterwards must not be stored
  if (past.state !== undefined) migrateForCaller(resources, doc, past.state, past.schema);
  const patches = diffStates(base.state, past.state, resources.types, "content");
  const same = patches.length === 0 && past.schema === base.schema;
  return same ? undefined : { ...as, patches, schema: past.schema };
}
