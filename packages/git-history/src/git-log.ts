import { GitError } from "./git-error.ts";
import { runGit } from "./git-process.ts";
import type { Repository } from "./git-repository.ts";

/** One commit that changed a file. */
export interface FileCommit {
  /** The commit's hash. */
  readonly commit: string;
  /** The author's name, or the e-mail address where the name is empty. */
  readonly author: string;
  /** The committer's date in milliseconds since 1970, as the commit has it. */
  readonly committedAt: number;
  /** The first line of the message. */
  readonly subject: string;
  /** The path that the file had then. */
  readonly path: string;
  /** The hash of its content, or undefined where the commit deleted it. */
  readonly blob: string | undefined;
  /** Its kind: "100644" and "100755" are files, "120000" symbolic links, "160000" submodules. */
  readonly mode: string;
}

interface LoggedCommit extends FileCommit {
  readonly parent: string | undefined;
  readonly appeared: boolean;
}

const commitMark = "\u0001";
const format = `--format=${["%x01%H", "%ct", "%P", "%aN", "%aE", "%s"].join("%x00")}`;
const absent = "000000";

/**
 * The commits of the first-parent line that changed a file, oldest first, renames followed. Throws GitError where the file never
 * existed on that line.
 *
 * It is not `git log --follow`, because that follows copies too: a new file that resembles another one would get the other's
 * history for its own. So a plain log is asked, which also skips other commits quickly. Where the commit that made the file
 * renamed it, the log is asked again under the earlier name.
 */
export async function fileCommits(
  repository: Repository,
  file: string,
  signal?: AbortSignal,
): Promise<FileCommit[]> {
  const commits: LoggedCommit[] = [];
  let next: { from: string; path: string } | undefined = { from: "HEAD", path: file };
  while (next !== undefined) {
    const logged = await pathCommits(repository, next.from, next.path, signal);
    next = undefined;
    for (const commit of logged) {
      commits.push(commit);
      const earlier = commit.appeared ? await earlierName(repository, commit, signal) : undefined;
      if (earlier === undefined) continue;
      // the rest of the log is an earlier life of the new name, which ended before the rename
      next = { from: commit.parent as string, path: earlier };
      break;
    }
  }
  if (commits.length === 0) throw await neverExisted(repository, file, signal);
  return commits.reverse();
}

/** The commits that changed a path, newest first. */
async function pathCommits(
  repository: Repository,
  from: string,
  path: string,
  signal?: AbortSignal,
): Promise<LoggedCommit[]> {
  // -m, which newer gits imply: a merge is compared with its first parent, so it is one revision
  const how = [
    "--first-parent",
    "-m",
    "--raw",
    "--no-renames",
    "--no-abbrev",
    "-z",
    "--encoding=UTF-8",
    "--no-color",
  ];
  const { code, stdout, complaint } = await runGit(
    repository.folder,
    ["log", ...how, format, from, "--", path],
    signal,
  );
  if (code !== 0)
    throw new GitError(`The history of ${path} in ${repository.name} cannot be read: ${complaint}.`);
  return [...parseLog(stdout.toString("utf8"), path)];
}

function* parseLog(text: string, file: string): Iterable<LoggedCommit> {
  const tokens = text.split("\0");
  for (let i = 0; i < tokens.length; i++) {
    if (!tokens[i]?.startsWith(commitMark)) continue;
    const [commit, seconds, parents, name, email, subject, raw, path] = tokens.slice(i, i + 8) as string[];
    // another path lies inside: the name was a folder's then
    if (raw === undefined || path !== file || !raw.trimStart().startsWith(":")) continue;
    i += 7;
    const [before, mode = absent, , blob] = raw.trimStart().slice(1).split(" ");
    yield {
      commit: (commit as string).slice(1),
      author: name || email || "unknown",
      subject: subject ?? "",
      path,
      mode,
      committedAt: Number(seconds) * 1000,
      parent: parents?.split(" ")[0] || undefined,
      blob: mode === absent ? undefined : blob,
      appeared: before === absent,
    };
  }
}

/** The name that a file had before the commit in which it appeared, if that renamed it. */
async function earlierName(
  repository: Repository,
  { commit, parent, path }: LoggedCommit,
  signal?: AbortSignal,
): Promise<string | undefined> {
  if (parent === undefined) return undefined;
  // the limit, in files, keeps one huge commit from taking minutes
  const how = ["-r", "-M", "-l3000", "--diff-filter=R", "--name-status", "-z"];
  const { code, stdout } = await runGit(repository.folder, ["diff-tree", ...how, parent, commit], signal);
  if (code !== 0) return undefined;
  const tokens = stdout.toString("utf8").split("\0");
  for (let i = 0; i + 2 < tokens.length; i += 3) if (tokens[i + 2] === path) return tokens[i + 1];
  return undefined;
}

async function neverExisted(repository: Repository, file: string, signal?: AbortSignal): Promise<GitError> {
  const type = await runGit(
    repository.folder,
    ["cat-file", "-t", `HEAD:${file === "." ? "" : file}`],
    signal,
  );
  if (type.stdout.toString("utf8").trim() === "tree") {
    return new GitError(`${file} is a folder; name a JSON or YAML file in it.`);
  }
  const all = ["log", "--all", "--max-count=1", "--format=%h", "--", file];
  const { stdout } = await runGit(repository.folder, all, signal);
  const elsewhere = stdout.toString("utf8").trim();
  const known = elsewhere
    ? `exists in ${repository.name} only outside of the line of first parents of HEAD (for example in ${elsewhere})`
    : `never existed in ${repository.name}; name it by its path in the repository`;
  return new GitError(`${file} ${known}.`);
}
