import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { GitError } from "./git-error.ts";

/** A git that runs. */
export type GitProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/** What a git that ended said. */
export interface GitOutput {
  /** Its exit code. */
  readonly code: number;
  /** What it wrote. */
  readonly stdout: Buffer;
  /** The first line that it wrote to stderr, without "fatal: ". */
  readonly complaint: string;
}

// a caller that itself runs inside a git hook would send us to its own repository
const elsewhere = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_COMMON_DIR",
  "GIT_NAMESPACE",
  "GIT_PREFIX",
  "GIT_LITERAL_PATHSPECS",
  "GIT_GLOB_PATHSPECS",
  "GIT_NOGLOB_PATHSPECS",
  "GIT_ICASE_PATHSPECS",
];

// the user's settings that change what a log holds
const settings = {
  "log.diffMerges": "separate",
  "log.follow": "false",
  "log.showRoot": "true",
  "log.showSignature": "false",
};

/** Starts git in a folder, without a shell. `signal` kills it. */
export function startGit(folder: string, args: readonly string[], signal?: AbortSignal): GitProcess {
  const config = Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !elsewhere.includes(key)));
  const git = spawn("git", ["-C", folder, "--literal-pathspecs", "--no-pager", ...config, ...args], {
    // LC_ALL: what it complains of is told apart by its words
    env: { ...env, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" },
    stdio: ["pipe", "pipe", "pipe"],
    windowsHide: true,
    ...(signal && { signal }),
  });
  // it may end before it has read all of its input: then its exit code tells
  git.stdin.on("error", () => {});
  return git;
}

/** Waits for the end of a git and gives its exit code. Throws GitError where there is no git, and the signal's reason. */
export async function endOf(git: GitProcess, signal?: AbortSignal): Promise<number> {
  try {
    if (git.exitCode !== null) return git.exitCode;
    const [code, killedBy] = await once(git, "close");
    signal?.throwIfAborted();
    if (code === null) throw new GitError(`git was ended by ${killedBy}.`);
    return code;
  } catch (error) {
    signal?.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new GitError("git is not installed, or not on the PATH; install it from https://git-scm.com.", {
      cause: error,
    });
  }
}

/** Runs git to its end. Throws as `endOf` does. */
export async function runGit(
  folder: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<GitOutput> {
  const git = startGit(folder, args, signal);
  git.stdin.end();
  const written: Buffer[] = [];
  const complained: Buffer[] = [];
  git.stdout.on("data", (chunk: Buffer) => written.push(chunk));
  git.stderr.on("data", (chunk: Buffer) => complained.push(chunk));
  const code = await endOf(git, signal);
  const [line = ""] = Buffer.concat(complained).toString("utf8").split("\n");
  return { code, stdout: Buffer.concat(written), complaint: line.replace(/^(fatal|error): /, "") };
}
