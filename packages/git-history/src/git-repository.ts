import { stat } from "node:fs/promises";
import { isAbsolute, join, posix, relative, resolve } from "node:path";
import { GitError } from "./git-error.ts";
import { runGit } from "./git-process.ts";
import { shellWord } from "./shell-word.ts";

/** A git repository whose whole history is there. */
export interface Repository {
  /** Its top folder, absolute. */
  readonly folder: string;
  /** The hash of the first commit of the line of first parents, the same in every clone. */
  readonly root: string;
  /** As the user named it. */
  readonly name: string;
  /** The path in the repository of a file that the user named. Throws GitError where it lies outside. */
  pathOf(file: string): string;
}

/**
 * Looks at a repository (or a folder inside it, to which files are then relative). Throws GitError where it is none, has no
 * commits, is a shallow clone, or git is missing.
 */
export async function openRepository(name: string, signal?: AbortSignal): Promise<Repository> {
  const start = resolve(name);
  await checkFolder(start, name);
  const asked = ["rev-parse", "--is-shallow-repository", "--show-prefix", "--show-cdup"];
  const { code, stdout, complaint } = await runGit(start, asked, signal);
  if (code !== 0) {
    throw new GitError(`${name} ${unreadable(complaint, name)}`);
  }
  const [shallow, prefix = "", up = ""] = stdout.toString("utf8").split("\n");
  const head = await runGit(start, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], signal);
  if (head.code !== 0) throw new GitError(`${name} has no commits yet.`);
  if (shallow === "true") {
    throw new GitError(
      `${name} is a shallow clone, so most of its history is missing; fetch it with: git -C ${shellWord(name)} fetch --unshallow`,
    );
  }
  const pathOf = (file: string): string => pathInside(file, start, prefix, name);
  return { folder: join(start, up), root: await rootOf(start, name, signal), name, pathOf };
}

function unreadable(complaint: string, name: string): string {
  if (/not a git repository/.test(complaint)) return "is not a git repository.";
  if (/dubious ownership/.test(complaint))
    return `belongs to another user, so git does not read it; where you trust it: git config --global --add safe.directory ${shellWord(resolve(name))}`;
  return `cannot be read: ${complaint}.`;
}

/** The line of first parents has one root, whatever other histories are merged into it later. */
async function rootOf(folder: string, name: string, signal?: AbortSignal): Promise<string> {
  const asked = ["rev-list", "--first-parent", "--max-parents=0", "HEAD"];
  const { code, stdout, complaint } = await runGit(folder, asked, signal);
  if (code !== 0) throw new GitError(`${name} cannot be read: ${complaint}.`);
  return stdout.toString("utf8").trim();
}

async function checkFolder(folder: string, name: string): Promise<void> {
  const stats = await stat(folder).catch(() => undefined);
  if (stats === undefined) throw new GitError(`${name} does not exist.`);
  if (!stats.isDirectory())
    throw new GitError(`${name} is not a folder; the first argument is a git repository.`);
}

function pathInside(file: string, start: string, prefix: string, name: string): string {
  const fromStart = isAbsolute(file) ? relative(start, file) : file;
  const path = posix.normalize(posix.join(prefix, fromStart.replaceAll("\\", "/")));
  if (path === ".." || path.startsWith("../") || isAbsolute(fromStart)) {
    throw new GitError(`${file} is outside of ${name}; files are named by their path in the repository.`);
  }
  return path.replace(/\/$/, "");
}
