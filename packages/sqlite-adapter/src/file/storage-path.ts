import { resolve } from "node:path";
import { OptionsError } from "@everdraft/core/adapter";

/**
 * The path of a SQLite file as it is used: whole, so that a later change of the working directory does not lead elsewhere;
 * or ":memory:". Throws OptionsError for a value that is neither.
 */
export function storagePath(path: unknown): string {
  return path === ":memory:" ? path : wholePath(path, ', or ":memory:" for a trial');
}

/** The same where it has to be a file. */
export function filePath(path: unknown): string {
  return wholePath(path, "");
}

function wholePath(path: unknown, others: string): string {
  const reason = faultOf(path, others);
  if (reason === undefined && typeof path === "string") return resolve(path);
  throw new OptionsError({ option: "path", reason: reason ?? "", remedy: `Give a path${others}.` });
}

function faultOf(path: unknown, others: string): string | undefined {
  if (path instanceof URL) return "it is a URL, whose path fileURLToPath of node:url gives";
  if (path === undefined || path === null) return `it is ${path}, as a variable that is not set`;
  if (typeof path !== "string") return `it is of type ${typeof path}`;
  if (path === "") return "it is empty";
  if (path === ":memory:" && others === "") return 'it is ":memory:"';
  if (path.includes("\0")) return "it holds a NUL character";
  if (/^file:/i.test(path))
    return "it is a URI, whose parameters would change how the file is written; fileURLToPath of node:url gives its path";
  return undefined;
}
