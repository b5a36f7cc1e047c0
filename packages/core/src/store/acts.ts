import { AbsentError } from "../errors/absent-error.ts";
import { DeletedError } from "../errors/deleted-error.ts";
import { ExistsError } from "../errors/exists-error.ts";
import { NotFoundError } from "../errors/not-found-error.ts";
import { VersionAheadError } from "../errors/version-ahead-error.ts";
import type { Folded } from "../fold/folded.ts";
import { type DocumentId, showId } from "../model/document-id.ts";
import type { CheckedMoment } from "../model/moment.ts";
import type { Patch } from "../model/patch.ts";
import { lend } from "../model/seal.ts";
import { normaliseState } from "../model/state.ts";
import type { PlainObject } from "../model/value.ts";
import { diffStates } from "../patch/diff.ts";
import { type AnyRecipe, runRecipe } from "../patch/run-recipe.ts";
import type { Act, Decision } from "./act.ts";
import { migrateForCaller } from "./hand-out.ts";
import type { Limit } from "./limit.ts";
import { readEvents } from "./read-events.ts";
import { replay } from "./replay.ts";
import type { Resources } from "./resources.ts";

/**
 * A value computed now whose error waits until it is asked for: a call must not see later changes of what it
 * was given.
 */
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
    type: "created",
    readsLog: false,
    decide: (base) => {
      if (base.state !== undefined) {
        const message = `Document ${showId(id)} exists already, at version ${base.version}. Edit or replace it.`;
        throw new ExistsError(message, { id, version: base.version });
      }
      return {
        type: "created",
        patches: [{ op: "replace", path: [], value: lend(checked(), types) }],
        schema: schema.version,
      };
    },
  };
}

/** A change by a recipe. */
export function editing(resources: Resources, id: DocumentId, recipe: AnyRecipe): Act {
  return changing(resources, id, (state) => runRecipe(state, recipe, id, resources.types));
}

/** A change to a whole new state, by content. */
export function replacing(resources: Resources, id: DocumentId, state: unknown): Act {
  const checked = computedNow(() => normaliseState(state, id, resources.types));
  return changing(resources, id, (before) => diffStates(before, checked(), resources.types, "content"));
}

/**
 * A change on the state in the store's schema version: one event brings an older state up to it and changes
 * it.
 */
function changing(resources: Resources, id: DocumentId, change: (state: PlainObject) => Patch[]): Act {
  const { schema, types } = resources;
  return {
    type: "edited",
    readsLog: false,
    decide: (base) => {
      const state = livingState(base, id);
      const migrated = migrateForCaller(resources, id, state, base.schema);
      const patches = change(migrated);
      if (patches.length === 0) return undefined;
      const raising = base.schema === schema.version ? [] : diffStates(state, migrated, types, "content");
      return {
        ...{ type: "edited", patches: [...raising, ...patches], schema: schema.version },
        ...(raising.length > 0 && { migrated: raising.length }),
      };
    },
  };
}

function livingState(base: Folded, id: DocumentId): PlainObject {
  if (base.state !== undefined) return base.state;
  if (base.version === 0) throw notFound(id);
  const message = `Document ${showId(id)} is deleted, as of version ${base.version}. restore brings it back, or create makes it anew.`;
  throw new DeletedError(message, { id, version: base.version });
}

function notFound(id: DocumentId): NotFoundError {
  return new NotFoundError(`There is no document ${showId(id)}, and never was one. create makes it.`, { id });
}

/** The end of a document, which its history survives. */
export function deleting(id: DocumentId): Act {
  return {
    type: "deleted",
    readsLog: false,
    decide: (base) => {
      livingState(base, id);
      return { type: "deleted", patches: [{ op: "remove", path: [] }], schema: base.schema };
    },
  };
}

/** Back to the state before the newest deletion. */
export function restoring(resources: Resources, id: DocumentId, limit: Limit): Act {
  return {
    type: "restored",
    readsLog: true,
    decide: async (base) => {
      if (base.version === 0) throw notFound(id);
      if (base.state !== undefined) return undefined;
      const version = (await deletionOf(resources, id, base.version, limit)) - 1;
      const past = (await replay(resources, id, { version }, limit)).folded;
      // blanks alone close slots of a document that never was
      if (past.state === undefined) throw notFound(id);
      return goingBack(resources, id, base, past, { type: "restored", ref: { version } });
    },
  };
}

/** The version of the event that took the document away: the newest, but for blanks after it. */
async function deletionOf(resources: Resources, id: DocumentId, head: number, limit: Limit): Promise<number> {
  for (let version = head; version > 1; version--) {
    for await (const [event] of readEvents(resources, id, { from: version, to: version }, limit)) {
      if (event !== undefined && event.patches.length > 0) return version;
    }
  }
  return 1;
}

/** Back to the state of a moment. */
export function reverting(resources: Resources, id: DocumentId, moment: CheckedMoment, limit: Limit): Act {
  return {
    type: "reverted",
    readsLog: true,
    decide: async (base) => {
      if (base.version === 0) throw notFound(id);
      const past = await pastOf(resources, id, base, moment, limit);
      if (past.state === undefined) throw absent(id, past.version);
      const at = "date" in moment ? { at: moment.date } : {};
      return goingBack(resources, id, base, past, {
        type: "reverted",
        ref: { version: past.version, ...at },
      });
    },
  };
}

/** The document at a moment of its past, seen from a base: what came after that base does not count. */
export async function pastOf(
  resources: Resources,
  id: DocumentId,
  base: Folded,
  moment: CheckedMoment,
  limit: Limit,
): Promise<Folded> {
  if ("date" in moment ? moment.date >= base.at : moment.version === base.version) return base;
  if ("version" in moment && moment.version > base.version) {
    const message = `Document ${showId(id)} has no version ${moment.version}; its newest is ${base.version}. Name one up to that.`;
    throw new VersionAheadError(message, { id, version: moment.version, head: base.version });
  }
  return (await replay(resources, id, moment, limit)).folded;
}

/**
 * The past state exactly as it was, in the schema version that it had then: reading migrates it, as it does
 * at that moment.
 */
function goingBack(
  resources: Resources,
  id: DocumentId,
  base: Folded,
  past: Folded,
  as: Pick<Decision, "type" | "ref">,
): Decision | undefined {
  // what cannot be handed out afterwards must not be stored
  if (past.state !== undefined) migrateForCaller(resources, id, past.state, past.schema);
  const patches = diffStates(base.state, past.state, resources.types, "content");
  const same = patches.length === 0 && past.schema === base.schema;
  return same ? undefined : { ...as, patches, schema: past.schema };
}

function absent(id: DocumentId, version: number): AbsentError {
  const message = `Document ${showId(id)} did not exist at that moment${version === 0 ? "" : ` (it was deleted, version ${version})`}. Name a moment at which it did, or use delete.`;
  return new AbsentError(message, { id, version });
}
