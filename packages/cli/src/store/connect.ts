import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Storage } from "@everdraft/core";
import { sqliteStorage } from "@everdraft/sqlite-adapter";
import type { Db, MongoClient } from "mongodb";
import { codeOf, FailedError, messageOf, UsageError } from "../failure.ts";
import { shownUri } from "../terminal/redact.ts";

/** A place where collections are kept, by its connection string. */
export interface Place {
  /** As it may be shown: without secrets. */
  readonly shown: string;
  /** The whole path of its file, where it is one. */
  readonly file?: string;
  /** Whether it is there; a SQLite file may not be. */
  exists(): boolean;
  /** Connects to it. */
  connect(): Promise<Connected>;
}

/** A connection to a place. */
export interface Connected {
  /** The storage. */
  readonly storage: Storage<never>;
  /** The engine beneath, for reading collections that are not the library's. */
  readonly beneath: { readonly db: Db } | { readonly path: string } | undefined;
  /** Closes the storage and the connection beneath. */
  close(): Promise<void>;
}

/** The place that a connection string names. Relative paths start at `folder`. Throws UsageError for other strings. */
export function placeOf(uri: string, folder: string): Place {
  if (/^sqlite:/i.test(uri)) return sqlitePlace(uri, folder);
  if (/^mongodb(\+srv)?:\/\//i.test(uri)) return mongoPlace(uri, folder);
  throw new UsageError(
    `The connection string ${JSON.stringify(shownUri(uri))} is neither sqlite:PATH nor mongodb://HOST/DATABASE.`,
  );
}

function sqlitePlace(uri: string, folder: string): Place {
  const path = uri.replace(/^sqlite:(\/\/(?=\/))?/i, "");
  if (path === "" || path === ":memory:")
    throw new UsageError("sqlite: needs the path of a file, such as sqlite:orders.db.");
  if (/^file:/i.test(path)) throw new UsageError("sqlite: needs the path of a file, not its URI.");
  const file = resolve(folder, path);
  const near = relative(process.cwd(), file);
  return {
    shown: `sqlite:${near.startsWith("..") || isAbsolute(near) ? file : near}`,
    file,
    exists: () => existsSync(file),
    connect: async () => {
      const storage = sqliteStorage(file);
      return { storage, beneath: { path: file }, close: () => storage.close() };
    },
  };
}

function mongoPlace(uri: string, folder: string): Place {
  const [, database] = /^[^/]+:\/\/[^/]*\/([^?]+)/.exec(uri.replace(/\/\/.*@/, "//")) ?? [];
  if (database === undefined)
    throw new UsageError("The connection string names no database: mongodb://HOST/DATABASE.");
  return {
    shown: shownUri(uri),
    exists: () => true,
    connect: async () => {
      const driver = await optional<typeof import("mongodb")>("mongodb", folder);
      const { mongoStorage } = await optional<typeof import("@everdraft/mongo-adapter")>(
        "@everdraft/mongo-adapter",
        folder,
      );
      const client = clientOf(driver.MongoClient, uri);
      const db = client.db();
      // the adapter may find another copy of the driver than the command
      const storage = mongoStorage(db, { BSON: driver.BSON });
      const close = async (): Promise<void> => {
        await storage.close();
        await client.close();
      };
      return { storage, beneath: { db }, close };
    },
  };
}

/** So long a server is looked for, where the connection string says nothing else: somebody is waiting. */
const selectionMs = 10_000;

/** Throws UsageError for a connection string that the driver does not understand. */
function clientOf(Client: typeof MongoClient, uri: string): MongoClient {
  const wait = /[?&]serverSelectionTimeoutMS=/i.test(uri) ? {} : { serverSelectionTimeoutMS: selectionMs };
  try {
    return new Client(uri, { appName: "everdraft", ...wait });
  } catch (cause) {
    throw new UsageError(`The connection string cannot be used: ${messageOf(cause)}.`);
  }
}

/** Loads a package that only some projects install: beside the command, else in the project. */
async function optional<Module>(name: string, folder: string): Promise<Module> {
  try {
    return await import(name);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  try {
    const path = createRequire(join(folder, "package.json")).resolve(name);
    return await import(pathToFileURL(path).href);
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    const both = "@everdraft/mongo-adapter mongodb";
    throw new FailedError(`MongoDB needs the package ${name}. Install it with: npm install ${both}`, {
      cause,
    });
  }
}

function isMissing(error: unknown): boolean {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return codeOf(error) === undefined && (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND");
}
