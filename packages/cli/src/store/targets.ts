import { dirname } from "node:path";
import type { Storage, StoreOptions } from "@everdraft/core";
import type { StoreConfig } from "../config.ts";
import { UsageError } from "../failure.ts";
import type { Session } from "../session.ts";
import { hasSecret } from "../terminal/redact.ts";
import { listed } from "../text/text.ts";
import { type Connected, type Place, placeOf } from "./connect.ts";
import { findConfig, loadConfig } from "./load-config.ts";

/** A store that a command may work on; nothing is opened yet. */
export interface Target {
  /** The user's name for it. */
  readonly name: string;
  /** Where it is, without secrets. */
  readonly where: string;
  /** The options of its store. */
  readonly options: Omit<StoreOptions<never, never>, "storage">;
  /** Whether the place exists; true where that cannot be told. */
  exists(): boolean;
  /** Connects to where it is kept. */
  connect(): Promise<Connected>;
}

/** The stores of the command line or the config, and the call that closes them. */
export interface Targets {
  readonly all: readonly Target[];
  /** The option that names one of several, and where they are. */
  readonly several: { readonly option: "--collection" | "--store"; readonly where: string };
  close(): Promise<void>;
}

/** The environment's variable with a connection string that nobody is to see. */
export const uriVariable = "EVERDRAFT_URI";

/** How the command line names stores. */
export interface TargetOptions {
  /** Whether a collection that is not there yet is made; else it is a UsageError that names those that are. */
  readonly make?: boolean;
  /** Whether --collection may name something else, where the stores are those of a config. */
  readonly collectionIsSource?: boolean;
}

/**
 * The connection string that the command line or the environment gives. A config may itself take it from the
 * environment, so there it counts only with a collection, or where there is no config.
 */
export function givenUri({ flags, terminal }: Session): string | undefined {
  if (flags.uri !== undefined && flags.uri !== "") return flags.uri;
  const hidden = terminal.env[uriVariable];
  if (hidden === undefined || hidden === "" || flags.config !== undefined) return undefined;
  return flags.collection !== undefined || findConfig(terminal.cwd) === undefined ? hidden : undefined;
}

/**
 * All stores that the command line names; by a connection string alone, all collections that are there. Throws
 * UsageError, and storage errors of looking for them.
 */
export async function findTargets(session: Session, options: TargetOptions = {}): Promise<Targets> {
  const { flags, terminal } = session;
  const uri = givenUri(session);
  if (uri !== undefined) return uriTargets(session, uri, options);
  const loaded = await loadConfig(terminal.cwd, flags.config);
  if (flags.collection !== undefined && options.collectionIsSource !== true)
    throw new UsageError("--collection belongs to --uri; a store of the config is named by --store NAME.");
  const all = Object.entries(loaded.config.stores).map(([name, store]) =>
    configTarget(session, loaded.file, name, store),
  );
  const several = { option: "--store", where: "stores in the config" } as const;
  const close = async (): Promise<void> => {
    await loaded.config.close?.();
  };
  try {
    return { all: flags.store === undefined ? all : [named(all, flags.store)], several, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The place of a connection string that the command line or the environment gives. Throws UsageError. */
export function placeOfUri(session: Session, uri: string): Place {
  const { flags, terminal, redaction } = session;
  redaction.learn(uri);
  if (flags.uri !== undefined && hasSecret(flags.uri)) {
    throw new UsageError(
      `A password on the command line can be read by every user of this machine. Put the connection string into the environment as ${uriVariable} and leave --uri out.`,
    );
  }
  const by = flags.uri === undefined ? uriVariable : "--uri";
  if (flags.config !== undefined)
    throw new UsageError(`${by} and --config both say where the store is: give one of them.`);
  if (flags.store !== undefined)
    throw new UsageError(
      `--store names a store of a config; with ${by} its collection is named by --collection NAME.`,
    );
  return placeOf(uri, terminal.cwd);
}

async function uriTargets(session: Session, uri: string, { make }: TargetOptions): Promise<Targets> {
  const place = placeOfUri(session, uri);
  const { collection } = session.flags;
  if (make === true && !collection) throw new UsageError("Say into which collection: --collection NAME.");
  const names = collection ? [collection] : await collectionsAt(session, place);
  return {
    all: names.map((name) => ({ name, where: place.shown, options: { collection: name }, ...placed(place) })),
    several: { option: "--collection", where: `collections in ${place.shown}` },
    close: async () => {},
  };
}

async function collectionsAt(session: Session, place: Place): Promise<readonly string[]> {
  if (!place.exists()) throw notThere(session, place.shown);
  const { storage, close } = await place.connect();
  try {
    const names = (await storage.collections?.(session.call)) ?? [];
    if (names.length > 0) return names;
    throw new UsageError(`There is no collection in ${place.shown} yet. Only init and import make one.`);
  } finally {
    await close();
  }
}

/** The error for a place that is not there. */
export function notThere({ naming }: Session, where: string): UsageError {
  return new UsageError(`There is no ${where}. Make it with: everdraft init${naming}`);
}

function placed(place: Place): Pick<Target, "exists" | "connect"> {
  return { exists: place.exists, connect: place.connect };
}

function configTarget({ redaction }: Session, file: string, name: string, store: StoreConfig): Target {
  const { uri, storage, ...options } = store;
  if (uri !== undefined) {
    redaction.learn(uri);
    const place = placeOf(uri, dirname(file));
    return { name, where: place.shown, options, ...placed(place) };
  }
  return {
    name,
    where: "the config's own storage",
    options,
    exists: () => true,
    connect: async () => ownStorage(await (typeof storage === "function" ? storage() : storage)),
  };
}

function ownStorage(storage: Storage<never> | undefined): Connected {
  if (storage === undefined) throw new UsageError("The config gives no storage.");
  return { storage, beneath: undefined, close: () => storage.close() };
}

function named(all: readonly Target[], name: string): Target {
  const target = all.find((each) => each.name === name);
  if (target !== undefined) return target;
  throw new UsageError(
    `The config has no store ${JSON.stringify(name)}; it has ${listed(all.map((target) => target.name))}.`,
  );
}
