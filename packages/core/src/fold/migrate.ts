import { types as nodeTypes } from "node:util";
import { MigrationError } from "../errors/migration-error.ts";
import { OptionsError } from "../errors/options-error.ts";
import { SchemaTooNewError } from "../errors/schema-too-new-error.ts";
import type { DocumentId } from "../model/document-id.ts";
import { normaliseState } from "../model/state.ts";
import { lend } from "../value/seal.ts";
import type { State } from "../value/state-types.ts";
import type { PlainObject } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";

/**
 * Makes a state of schema version n into one of version n + 1. Pure and synchronous; the state it is given is
 * frozen, so it returns a new one, which may hold parts of the old.
 *
 * @typeParam From the older state
 * @typeParam To the newer one
 */
export type Migration<From, To extends object = object> = (state: State<From>) => To | State<To>;

/** A migration of whatever states. */
export type AnyMigration = (state: never) => object;

/** The store's schema version, and how a state gets there. */
export interface Schema {
  /** The version of states that this store writes. */
  readonly version: number;
  /** The state in this store's version. Throws SchemaTooNewError, MigrationError. */
  migrate(state: PlainObject, from: number, id: DocumentId): PlainObject;
}

/** Checks the migrations (one for each version below the schema's) and joins them. Throws OptionsError. */
export function createSchema(
  version: number,
  migrations: Readonly<Record<number, AnyMigration>>,
  types: ValueTypes,
): Schema {
  if (!Number.isSafeInteger(version) || version < 1)
    throw invalid("schemaVersion", "it is a whole number from 1");
  if (typeof migrations !== "object" || migrations === null)
    throw invalid("migrations", "it is an object with a function for each version below schemaVersion");
  for (let from = 1; from < version; from++) {
    if (!Object.hasOwn(migrations, from))
      throw invalid("migrations", `there is none from version ${from} to ${from + 1}`);
  }
  for (const key of Object.keys(migrations)) {
    const from = Number(key);
    const known = Number.isInteger(from) && from >= 1 && from < version;
    if (!known || typeof migrations[from] !== "function") {
      throw invalid("migrations", `"${key}" is not the number of a version below ${version} with a function`);
    }
  }
  // a sealed state always migrates to the same one, so a document that is read often migrates once
  const migrated = new WeakMap<PlainObject, PlainObject>();
  return {
    version,
    migrate(state, from, id) {
      if (from === version) return state;
      if (from > version) throw new SchemaTooNewError({ id, found: from, known: version });
      const known = migrated.get(state);
      if (known !== undefined) return known;
      let current = state;
      for (let n = from; n < version; n++)
        current = step(current, n, { migration: migrations[n], id, types });
      migrated.set(state, current);
      return current;
    },
  };
}

/** A step from one schema version to the next. */
interface Step {
  readonly migration: AnyMigration | undefined;
  readonly id: DocumentId;
  readonly types: ValueTypes;
}

function step(state: PlainObject, from: number, { migration, id, types }: Step): PlainObject {
  let given: unknown;
  try {
    if (migration === undefined) throw new TypeError(`there is no migration from version ${from}`);
    given = (migration as (state: PlainObject) => unknown)(lend(state, types));
  } catch (cause) {
    throw new MigrationError({ id, from, reason: migrationThrew }, { cause });
  }
  try {
    return normaliseState(given, id, types);
  } catch (cause) {
    // of a promise nobody hears any more
    if (nodeTypes.isPromise(given)) given.catch(() => undefined);
    const reason = "the migration gave no state that can be stored";
    throw new MigrationError({ id, from, reason }, { cause });
  }
}

const migrationThrew = "the migration threw";

/** The error of a migration's own, in an object; undefined where an error says anything else. */
export function thrownByMigration(error: unknown): { readonly own: unknown } | undefined {
  const threw = error instanceof MigrationError && error.details.reason === migrationThrew;
  return threw ? { own: error.cause } : undefined;
}

function invalid(option: string, reason: string): OptionsError {
  return new OptionsError({ option, reason });
}
