import { type FileCommit, fileCommits } from "./git-log.ts";
import { openRepository } from "./git-repository.ts";
import { gitRevisions, type UnreadableRevision } from "./git-revisions.ts";
import type { Source, SourceRevision } from "./source.ts";

/** The histories of JSON and YAML files in a git repository. Throws GitError before anything is imported, where it can be known. */
export async function gitSource(
  name: string,
  files: readonly string[],
  signal?: AbortSignal,
): Promise<Source> {
  const repository = await openRepository(name, signal);
  const found = new Map<string, FileCommit[]>();
  for (const file of files) {
    const id = repository.pathOf(file);
    if (!found.has(id)) found.set(id, await fileCommits(repository, id, signal));
  }
  const unreadable: UnreadableRevision[] = [];

  async function* revisions(): AsyncGenerator<SourceRevision> {
    unreadable.length = 0;
    for (const [id, commits] of found) {
      const onUnreadable = (revision: UnreadableRevision) => unreadable.push(revision);
      yield* gitRevisions({
        ...{ repository, id, commits, refuse: reservedKey, onUnreadable },
        ...(signal && { signal }),
      });
    }
  }

  return {
    name: `git:${repository.folder}`,
    title: `${[...found.keys()].join(", ")} of ${repository.folder}`,
    ids: [...found.keys()],
    total: [...found.values()].reduce((sum, commits) => sum + commits.length, 0),
    revisions,
    unreadable,
  };
}

/** Keys that a state cannot have at its top, because the current document lies in a collection with other tools' rules. */
function reservedKey(state: Record<string, unknown>): string | undefined {
  const key = Object.keys(state).find(
    (each) => each.startsWith("$") || each === "_id" || each === "_everdraft",
  );
  return key === undefined ? undefined : `a state cannot have ${JSON.stringify(key)} as a key at its top`;
}
