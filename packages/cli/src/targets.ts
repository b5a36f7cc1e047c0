import { dirname } from "node:path";
import type { Storage, StoreOptions } from "@everdraft/core";
import { type Connected, type Place, placeOf } from "./connect.ts";
import { UsageError } from "./failure.ts";
import { findConfig, type LoadedConfig, loadConfig } from "./load-config.ts";
import { hasSecret } from "./redact.ts";
import type { Session } from "./session.ts";
import { listed } from "./text/text.ts";

/** A store that a command may work on; nothing is opened yet. */
export interface Target {
  /** What the user calls it. */
  readonly name: string;
  /** Where it is, without secrets. */
  readonly where: string;
  /** What the store is made with. */
  readonly options: Omit<StoreOptions<never, never>, "storage">;
  /** Whether the place is there; what cannot be told is. */
  exists(): boolean;
  /** Connects to where it is kept. */
  connect(): Promise<Connected>;
}

/** The stores of the command line or the config, and what ends their use. */
export interface Targets {
  readonly all: readonly Target[];
  close(): Promise<void>;
}

/** The environment's variable with a connection string that nobody is to see. */
export const uriVariable = "EVERDRAFT_URI";

/** How the command line names stores. */
export interface TargetOptions {
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

/** All stores that the command line names. Throws UsageError. */
export async function findTargets(session: Session, options: TargetOptions = {}): Promise<Targets> {
  const { flags, terminal } = session;
  const uri = givenUri(session);
  if (uri !== undefined) return { all: [uriTarget(session, uri)], close: async () => {} };
  const loaded = await loadConfig(terminal.cwd, flags.config);
  if (flags.collection !== undefined && options.collectionIsSource !== true)
    throw new UsageError("--collection belongs to --uri; a store of the config is named by --store NAME.");
  const all = Object.keys(loaded.config.stores).map((name) => configTarget(session, loaded, name));
  const close = async (): Promise<void> => {
    await loaded.config.close?.();
  };
  try {
    return { all: flags.store === undefined ? all : [named(all, flags.store)], close };
  } catch (error) {
    await close();
    throw error;
  }
}

function uriTarget({ flags, terminal, redaction }: Session, uri: string): Target {
  redaction.learn(uri);
  if (flags.uri !== undefined && hasSecret(flags.uri)) {
    throw new UsageError(
      `A password on the command line can be read by every user of this machine. Put the connection string into the environment as ${uriVariable} and leave --uri out.`,
    );
  }
  const { collection } = flags;
  if (collection === undefined || collection === "")
    throw new UsageError("--uri needs --collection NAME with it: the collection of the documents.");
  const place = placeOf(uri, terminal.cwd);
  return { name: collection, where: place.shown, options: { collection }, ...placed(place) };
}

function placed(place: Place): Pick<Target, "exists" | "connect"> {
  return { exists: place.exists, connect: place.connect };
}

function configTarget({ redaction }: Session, { config, file }: LoadedConfig, name: string): Target {
  const { uri, storage, ...options } = config.stores[name] as (typeof config.stores)[string];
  if (uri !== undefined) {
    redaction.learn(uri);
    const place = placeOf(uri, dirname(file));
    return { name, where: place.shown, options, ...placed(place) };
  }
  return {
    ...{ name, where: "the config's own storage", options, exists: () => true },
    connect: async () => ownStorage(await (typeof storage === "function" ? storage() : storage)),
  };
}

function ownStorage(storage: Storage<never> | undefined): Connected {
  if (storage === undefined) throw new UsageError("The config gives no storage.");
  return { storage, beneath: undefined, close: () => storage.close() };
}

function named(all: readonly Target[], name: string): Target {
  const found = all.find((target) => target.name === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `The config has no store ${JSON.stringify(name)}; it has ${listed(all.map((target) => target.name))}.`,
  );
}
