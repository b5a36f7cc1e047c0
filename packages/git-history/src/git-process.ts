import { type ChildProcessByStdio, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { GitError } from "./git-error.ts";

/** A git that runs. */
export type GitProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/** The output of a git that ended. */
export interface GitOutput {
  /** Its exit code. */
  readonly code: number;
  /** Its standard output. */
  readonly stdout: Buffer;
  /** The first line that it wrote to stderr, without "fatal: ". */
  readonly complaint: string;
}

// the same for a git that is too old to tell its own, and those that it does not tell
const placesAnyway = [
  ...["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY"],
  ...["GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH", "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE"],
  ...["GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE", "GIT_NAMESPACE", "GIT_CONFIG"],
  ...["GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"],
];

// settings that were given to one command, such as safe.directory: they are no place, and git's own submodules keep them too
const settingsOfOneCommand = ["GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT"];

let known: Promise<ReadonlySet<string>> | undefined;

/**
 * The environment's variables that would send us to another repository, where the caller itself runs inside a hook. Git
 * is asked for them once.
 */
function places(): Promise<ReadonlySet<string>> {
  known ??= new Promise((resolve) => {
    // where it fails, the next git says why
    execFile("git", ["rev-parse", "--local-env-vars"], { windowsHide: true }, (_error, stdout) =>
      resolve(
        new Set(
          [...placesAnyway, ...stdout.split(/\s+/)].filter(
            (name) => name !== "" && !settingsOfOneCommand.includes(name),
          ),
        ),
      ),
    );
  });
  return known;
}

// settings of the user that change the contents of a log, set back
const settings = {
  "log.diffMerges": "separate",
  "log.follow": "false",
  "log.showRoot": "true",
  "log.showSignature": "false",
};

/** Starts git in a folder, without a shell. `signal` kills it. */
export async function startGit(
  folder: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<GitProcess> {
  const config = Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  const left = await places();
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !left.has(key)));
  signal?.throwIfAborted();
  const git = spawn("git", ["-C", folder, "--literal-pathspecs", "--no-pager", ...config, ...args], {
    // LC_ALL: its errors are told apart by their words
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
  const git = await startGit(folder, args, signal);
  git.stdin.end();
  const written: Buffer[] = [];
  const complained: Buffer[] = [];
  git.stdout.on("data", (chunk: Buffer) => written.push(chunk));
  git.stderr.on("data", (chunk: Buffer) => complained.push(chunk));
  const code = await endOf(git, signal);
  const [line = ""] = Buffer.concat(complained).toString("utf8").split("\n");
  return { code, stdout: Buffer.concat(written), complaint: line.replace(/^(fatal|error): /, "") };
}
