import type { Storage, StoreOptions } from "@everdraft/core";

/** One store that the command works on: the options of `createStore`, and where it is kept. */
export interface StoreConfig extends Omit<StoreOptions<never, never>, "storage"> {
  /**
   * Where it is kept: a storage, or a function that makes one when it is needed. The command closes it. Give this
   * or `uri`.
   */
  readonly storage?: Storage<never> | (() => Storage<never> | Promise<Storage<never>>);
  /**
   * Where it is kept: `sqlite:PATH`, relative to the config file, or `mongodb://HOST/DATABASE`. Take it from the
   * environment where it has a password. Give this or `storage`.
   */
  readonly uri?: string | undefined;
}

/** The default export of `everdraft.config.ts`. */
export interface Config {
  /** The stores by the names that the command knows them by. */
  readonly stores: Readonly<Record<string, StoreConfig>>;
  /** Called at the end, after the stores and storages were closed: closes clients that the config opened. */
  readonly close?: () => unknown;
}

/**
 * Gives a config as it is; the editor then knows its fields.
 *
 * @param config the stores that the `everdraft` command works on
 *
 * @example
 * export default defineConfig({
 *   stores: { orders: { uri: "sqlite:orders.db", collection: "orders", projections: [linesBySku] } },
 * });
 */
export function defineConfig(config: Config): Config {
  return config;
}
