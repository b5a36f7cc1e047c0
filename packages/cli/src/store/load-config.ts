import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Config, StoreConfig } from "../config.ts";
import { FailedError, UsageError } from "../failure.ts";

/** The name of a config that `init` writes. */
export const configName = "everdraft.config.ts";
const names = [configName, "everdraft.config.mts", "everdraft.config.mjs", "everdraft.config.js"];

/** A config, and the file that it comes from. */
export interface LoadedConfig {
  readonly file: string;
  readonly config: Config;
}

/** The config file that is used in a folder: the nearest one, going up. */
export function findConfig(folder: string): string | undefined {
  for (let here = resolve(folder); ; here = dirname(here)) {
    const config = names.map((name) => join(here, name)).find((file) => existsSync(file));
    if (config !== undefined || dirname(here) === here) return config;
  }
}

/** Reads a config, TypeScript or not. Throws UsageError where there is none, or it says what no store can be. */
export async function loadConfig(folder: string, named: string | undefined): Promise<LoadedConfig> {
  const file = named === undefined ? findConfig(folder) : resolve(folder, named);
  if (file === undefined) {
    throw new UsageError(
      `No store is named: there is no ${configName} here. Name one by --uri and --collection, or write a config with: everdraft init`,
    );
  }
  if (!existsSync(file)) throw new UsageError(`The config ${JSON.stringify(named)} does not exist.`);
  return { file, config: checkConfig(await run(file), file) };
}

async function run(file: string): Promise<unknown> {
  // a config may import this package where only the command is installed
  const alias = { "@everdraft/cli": fileURLToPath(new URL("../index.js", import.meta.url)) };
  // loaded only where it is needed: the command is started often
  const { createJiti } = await import("jiti");
  const jiti = createJiti(import.meta.url, { alias, moduleCache: false, fsCache: false });
  try {
    return await jiti.import(file, { default: true });
  } catch (cause) {
    // the lines after the first one say where the loader looked
    const [message = ""] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    const place = lineOf(cause, file);
    throw new FailedError(`The config ${basename(file)} cannot be read${place}: ${message.trim()}`, {
      cause,
    });
  }
}

/** Where in a file something went wrong, in words, where the loader says so. */
function lineOf(cause: unknown, file: string): string {
  // one of Node's own, as for a missing module, comes from the text that the loader made of it
  const stack = cause instanceof Error && !("code" in cause) ? `${cause.stack}` : "";
  const place = stack.indexOf(`${file}:`);
  return place < 0 ? "" : `, line ${Number.parseInt(stack.slice(place + file.length + 1), 10)}`;
}

function checkConfig(config: unknown, file: string): Config {
  const fault = faultOfConfig(config);
  if (fault !== undefined || !isConfig(config))
    throw new UsageError(`The config ${basename(file)} cannot be used: ${fault}.`);
  return config;
}

function isConfig(config: unknown): config is Config {
  return faultOfConfig(config) === undefined;
}

function faultOfConfig(config: unknown): string | undefined {
  if (!isObject(config) || !isObject(config.stores))
    return "its default export is no { stores: { NAME: { collection, uri or storage } } }";
  if (config.close !== undefined && typeof config.close !== "function") return "close is no function";
  const stores = Object.entries(config.stores);
  if (stores.length === 0) return "it names no store";
  for (const [name, store] of stores) {
    const fault = faultOf(store);
    if (fault !== undefined) return `the store ${JSON.stringify(name)} ${fault}`;
  }
  return undefined;
}

const fields = {
  collection: 1,
  uri: 1,
  storage: 1,
  schemaVersion: 1,
  migrations: 1,
  projections: 1,
  indexes: 1,
  logIndexes: 1,
  sweep: 1,
  clock: 1,
  cache: 1,
  onlyWriter: 1,
  limits: 1,
  onNotice: 1,
} satisfies Record<keyof StoreConfig, 1>;

function faultOf(store: unknown): string | undefined {
  if (!isObject(store)) return "is no object";
  const unknown = Object.keys(store).find((key) => !Object.hasOwn(fields, key));
  if (unknown !== undefined)
    return `has a field ${JSON.stringify(unknown)}; there are ${Object.keys(fields).join(", ")}`;
  if (typeof store.collection !== "string") return "has no collection";
  const { uri, storage } = store;
  if (uri !== undefined && storage !== undefined) return "has both a uri and a storage";
  if (storage !== undefined)
    return typeof storage === "object" || typeof storage === "function" ? undefined : "has no storage";
  if (typeof uri === "string" && uri !== "") return undefined;
  return "has neither a uri nor a storage (is the variable of its uri set?)";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
