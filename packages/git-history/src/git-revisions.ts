import { readBlobs } from "./git-blobs.ts";
import { GitError } from "./git-error.ts";
import type { FileCommit } from "./git-log.ts";
import type { Repository } from "./git-repository.ts";
import { isYaml, type NoState, parseState, type ReadState } from "./parse-state.ts";
import { revisionDates } from "./revision-dates.ts";

/** A revision of a file as a store imports it. */
export interface GitRevision {
  /** The document: the path of the file. */
  readonly id: string;
  /** The committer's date, raised to that of the revision before it where it lies below. */
  readonly at: Date;
  /** The author's name, or the e-mail address where the name is empty. */
  readonly by: string;
  /** The content of the file; null where the commit deleted it. */
  readonly state: Record<string, unknown> | null;
  /** The subject of the commit. */
  readonly reason?: string;
  /** The commit; the committer's date where `at` is another; the path where it was another. */
  readonly meta: { readonly commit: string; readonly committedAt?: Date; readonly path?: string };
}

/** A revision that was left out. */
export interface UnreadableRevision {
  /** The document. */
  readonly id: string;
  /** The commit's hash. */
  readonly commit: string;
  /** The fault: half a sentence, without a value of the file. */
  readonly why: string;
  /** Set where it has a state, of which something would be lost; else there is nothing that could be stored. */
  readonly holdsState?: true;
}

/** How the revisions of a file are read. */
export interface GitRevisionsOptions {
  /** Where the file is. */
  readonly repository: Repository;
  /** The document: the path of the file now. */
  readonly id: string;
  /** Its commits, from `fileCommits`. */
  readonly commits: readonly FileCommit[];
  /** Hears of each unreadable revision, which is then skipped. */
  readonly onUnreadable?: (revision: UnreadableRevision) => void;
  /** Hears of each revision of a YAML file that has a key twice in one mapping; the last one counts. */
  readonly onRepeatedKeys?: (revision: { readonly id: string; readonly commit: string }) => void;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

/**
 * The revisions of a JSON or YAML file in a git repository, oldest first, read while they are iterated. Ends with an error, to be thrown or
 * told, where none of them is an object.
 */
export async function* gitRevisions(
  options: GitRevisionsOptions,
): AsyncGenerator<GitRevision, GitError | undefined> {
  const { repository, id, commits, signal } = options;
  const blobs = commits.flatMap(({ blob }) => blob ?? []);
  const contents = readBlobs(repository.folder, blobs, signal);
  const dateOf = revisionDates(Date.now());
  let unreadable: UnreadableRevision | undefined;
  let alive = false;
  let any = false;
  try {
    for (const commit of commits) {
      const date = dateOf(commit.committedAt);
      const read =
        commit.blob === undefined ? { state: null } : await readState(commit, await nextOf(contents));
      if ("why" in read) {
        unreadable = { id, commit: commit.commit, ...read };
        options.onUnreadable?.(unreadable);
        continue;
      }
      if ("repeatedKeys" in read) options.onRepeatedKeys?.({ id, commit: commit.commit });
      // nothing readable was there that could be deleted
      if (read.state === null && !alive) continue;
      alive = read.state !== null;
      any = true;
      yield {
        id,
        at: date.at,
        by: commit.author,
        state: read.state,
        ...(commit.subject !== "" && { reason: commit.subject }),
        meta: {
          commit: commit.commit,
          ...(date.moved && { committedAt: date.moved }),
          ...(commit.path !== id && { path: commit.path }),
        },
      };
    }
  } finally {
    await contents.return(undefined);
  }
  return any ? undefined : notJson(id, commits.length, unreadable);
}

async function nextOf(contents: AsyncGenerator<Buffer | undefined>): Promise<Buffer | undefined> {
  const next = await contents.next();
  return next.done ? undefined : next.value;
}

async function readState(commit: FileCommit, content: Buffer | undefined): Promise<ReadState | NoState> {
  if (commit.mode === "160000") return { why: "a submodule, not a file" };
  if (commit.mode === "120000") return { why: "a symbolic link, not a file" };
  if (content === undefined) return { why: "its content is not in the repository" };
  return parseState(content, commit.path);
}

function notJson(id: string, count: number, newest: UnreadableRevision | undefined): GitError {
  const which = count === 1 ? "its only revision" : `any of its ${count} revisions`;
  const example = newest ? ` (the newest, ${newest.commit.slice(0, 10)}: ${newest.why})` : "";
  return new GitError(`${id} is not a ${isYaml(id) ? "YAML mapping" : "JSON object"} in ${which}${example}.`);
}
