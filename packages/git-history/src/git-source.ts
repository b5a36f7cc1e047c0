import { GitError } from "./git-error.ts";
import { type FileCommit, fileCommits } from "./git-log.ts";
import { openRepository } from "./git-repository.ts";
import { gitRevisions, type UnreadableRevision } from "./git-revisions.ts";
import type { Source, SourceRevision } from "./source.ts";

/**
 * The histories of JSON and YAML files in a git repository. Its name is that of the repository's first commit, so that any clone goes
 * on with an import. Throws GitError before anything is imported, where it can be known, and at the end where none of the files has an object
 * in any revision.
 */
export async function gitSource(
  name: string,
  files: readonly string[],
  signal?: AbortSignal,
): Promise<Source> {
  const repository = await openRepository(name, signal);
  const commitsOf = new Map<string, FileCommit[]>();
  for (const file of files) {
    const id = repository.pathOf(file);
    if (!commitsOf.has(id)) commitsOf.set(id, await fileCommits(repository, id, signal));
  }
  const unreadable: UnreadableRevision[] = [];
  const notObjects: string[] = [];
  const repeatedKeys = new Map<string, number>();

  async function* revisions(): AsyncGenerator<SourceRevision> {
    unreadable.length = notObjects.length = 0;
    repeatedKeys.clear();
    for (const [id, commits] of commitsOf) {
      const failure = yield* gitRevisions({
        repository,
        id,
        commits,
        onUnreadable: (revision) => unreadable.push(revision),
        onRepeatedKeys: () => repeatedKeys.set(id, (repeatedKeys.get(id) ?? 0) + 1),
        ...(signal && { signal }),
      });
      if (failure !== undefined) notObjects.push(failure.message);
    }
    if (notObjects.length === commitsOf.size) throw new GitError(notObjects.join("\n"));
  }

  return {
    name: `git:${repository.root}`,
    title: `${[...commitsOf.keys()].join(", ")} of ${repository.folder}`,
    ids: [...commitsOf.keys()],
    total: [...commitsOf.values()].reduce((sum, commits) => sum + commits.length, 0),
    revisions,
    unreadable,
    notObjects,
    repeatedKeys,
  };
}
