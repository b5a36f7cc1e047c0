import { readBlobs } from "./git-blobs.ts";
import { GitError } from "./git-error.ts";
import type { FileCommit } from "./git-log.ts";
import type { Repository } from "./git-repository.ts";
import { isYaml, type ParsedState, parseState } from "./parse-state.ts";
import { revisionDates } from "./revision-dates.ts";

/** A revision of a file as a store imports it. */
export interface GitRevision {
  /** The document: the path of the file. */
  readonly id: string;
  /** The committer's date, raised to that of the revision before it where it lies below. */
  readonly at: Date;
  /** The author's name, or the e-mail address where the name is empty. */
  readonly by: string;
  /** What the file held; null where the commit deleted it. */
  readonly state: Record<string, unknown> | null;
  /** The subject of the commit. */
  readonly reason?: string;
  /** The commit; the committer's date where `at` is another; the path where it was another. */
  readonly meta: { readonly commit: string; readonly committedAt?: Date; readonly path?: string };
}

/** A revision that is no state. */
export interface UnreadableRevision {
  /** The document. */
  readonly id: string;
  /** The commit's hash. */
  readonly commit: string;
  /** What is wrong with it: half a sentence. */
  readonly why: string;
}

/** How the revisions of a file are read. */
export interface GitRevisionsOptions {
  /** Where the file is. */
  readonly repository: Repository;
  /** The document: the path of the file now. */
  readonly id: string;
  /** Its commits, from `fileCommits`. */
  readonly commits: readonly FileCommit[];
  /** Says why a state cannot be stored, half a sentence; such a revision is unreadable. */
  readonly refuse?: (state: Record<string, unknown>) => string | undefined;
  /** Hears of each unreadable revision, which is then passed by. */
  readonly onUnreadable?: (revision: UnreadableRevision) => void;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

/**
 * The revisions of a JSON or YAML file in a git repository, oldest first, read while they are iterated. Throws GitError where none of them
 * is an object.
 */
export async function* gitRevisions(options: GitRevisionsOptions): AsyncGenerator<GitRevision> {
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
        commit.blob === undefined ? { state: null } : readState(commit, await nextOf(contents), options);
      if ("why" in read) {
        unreadable = { id, commit: commit.commit, why: read.why };
        options.onUnreadable?.(unreadable);
        continue;
      }
      // nothing readable was there that could be deleted
      if (read.state === null && !alive) continue;
      alive = read.state !== null;
      any = true;
      yield {
        ...{ id, at: date.at, by: commit.author, state: read.state },
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
  if (!any) throw notJson(id, commits.length, unreadable);
}

async function nextOf(contents: AsyncGenerator<Buffer | undefined>): Promise<Buffer | undefined> {
  const next = await contents.next();
  return next.done ? undefined : next.value;
}

function readState(
  commit: FileCommit,
  content: Buffer | undefined,
  options: GitRevisionsOptions,
): ParsedState {
  if (commit.mode === "160000") return { why: "a submodule, not a file" };
  if (commit.mode === "120000") return { why: "a symbolic link, not a file" };
  if (content === undefined) return { why: "its content is not in the repository" };
  const parsed = parseState(content, commit.path);
  if ("why" in parsed) return parsed;
  const refused = options.refuse?.(parsed.state);
  return refused === undefined ? parsed : { why: refused };
}

function notJson(id: string, count: number, newest: UnreadableRevision | undefined): GitError {
  const which = count === 1 ? "its only revision" : `any of its ${count} revisions`;
  const example = newest ? ` (the newest, ${newest.commit.slice(0, 10)}: ${newest.why})` : "";
  return new GitError(`${id} is not a ${isYaml(id) ? "YAML mapping" : "JSON object"} in ${which}${example}.`);
}
