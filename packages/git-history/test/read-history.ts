import { fileCommits } from "../src/git-log.ts";
import { openRepository } from "../src/git-repository.ts";
import { type GitRevision, gitRevisions, type UnreadableRevision } from "../src/git-revisions.ts";

/** All revisions of a file, and those that could not be read. */
export async function readHistory(folder: string, file: string) {
  const repository = await openRepository(folder);
  const id = repository.pathOf(file);
  const commits = await fileCommits(repository, id);
  const unreadable: UnreadableRevision[] = [];
  const revisions: GitRevision[] = [];
  const onUnreadable = (revision: UnreadableRevision) => unreadable.push(revision);
  for await (const revision of gitRevisions({ repository, id, commits, onUnreadable })) {
    revisions.push(revision);
  }
  return { revisions, unreadable };
}

export const states = (revisions: readonly GitRevision[]) => revisions.map(({ state }) => state);

/** When the histories of the tests begin, in seconds since 1970. */
export const start = 1_600_000_000;

/** So many seconds later. */
export const at = (seconds: number) => new Date((start + seconds) * 1000);
