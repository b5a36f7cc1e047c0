import type { BigIntStats } from "node:fs";
import { StorageBusyError } from "@everdraft/core/adapter";

/** Somebody in this process who has a file open. */
export interface FileUser {
  /** The path under which the engine keeps the files that belong to it. */
  readonly real: string;
  /** Whether the file is still where it was opened; where not, its use ends as soon as that can be. */
  isThere(): boolean;
}

type FileUsers = Map<string, Set<FileUser>>;

/** Where all copies of this package in a process note the files that they have open, by device and inode. */
const shared = Symbol.for("everdraft.sqlite.users");

/**
 * Notes somebody who opens a file, and gives the function that ends that. SQLite keeps one memory for all connections of a
 * process to one file, by its inode alone: a file that was renamed while it was open, or has two names, would be written to
 * through two logs that know nothing of each other. Throws StorageBusyError while such a connection is there.
 */
export function useFile(path: string, { dev, ino }: BigIntStats, user: FileUser): () => void {
  const all = allUsers();
  const key = `${dev}:${ino}`;
  const users = all.get(key) ?? new Set();
  for (const other of users) {
    if (other.isThere() && other.real === user.real) continue;
    throw new StorageBusyError({
      operation: "open",
      where: JSON.stringify(path),
      reason: `it is open in this process under another name, or was taken away and put back: as ${JSON.stringify(other.real)}`,
      remedy: "Close the storage that uses it first.",
    });
  }
  all.set(key, users.add(user));
  return () => {
    users.delete(user);
    if (users.size === 0 && all.get(key) === users) all.delete(key);
  };
}

function allUsers(): FileUsers {
  const found: unknown = Reflect.get(globalThis, shared);
  if (found instanceof Map) return found;
  const made: FileUsers = new Map();
  Object.defineProperty(globalThis, shared, { value: made, configurable: true });
  return made;
}
