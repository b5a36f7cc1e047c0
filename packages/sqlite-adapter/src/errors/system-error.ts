import { accessSync, closeSync, constants, existsSync, openSync, statfsSync } from "node:fs";
import { constants as system } from "node:os";
import { dirname } from "node:path";

/**
 * The name of the system's error beneath one of the engine, or undefined. Where the engine does not tell, the file and
 * its folder are asked: as a rule the answer is still the same. That something is not there says nothing: SQLite tries
 * several ways, and tells of the last.
 */
export function systemErrorOf(thrown: unknown, path: string): string | undefined {
  const told = typeof thrown === "object" && thrown !== null ? Reflect.get(thrown, "systemErrno") : undefined;
  const [name] = Object.entries(system.errno).find(([, number]) => number === told) ?? [];
  return name === undefined || name === "ENOENT" ? probe(path) : name;
}

function probe(path: string): string | undefined {
  const folder = dirname(path);
  return (
    // of the folder: closing any descriptor of the file would end this process's locks on it
    nameOf(() => closeSync(openSync(folder, "r"))) ??
    nameOf(() => accessSync(existsSync(path) ? path : folder, constants.R_OK | constants.W_OK)) ??
    nameOf(() => accessSync(folder, constants.W_OK)) ??
    (isFull(folder) ? "ENOSPC" : undefined)
  );
}

function nameOf(use: () => void): string | undefined {
  try {
    use();
    return undefined;
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
    return typeof code === "string" ? code : undefined;
  }
}

function isFull(folder: string): boolean {
  try {
    return statfsSync(folder).bavail === 0;
  } catch {
    return false;
  }
}
