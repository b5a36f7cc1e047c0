import type { ImportSource } from "./source.ts";

/** The histories of JSON and YAML files in a git repository. Throws GitError. */
export async function gitSource(
  repository: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<ImportSource> {
  const { gitSource: readGit } = await import("@everdraft/git-history");
  const source = await readGit(repository, paths, signal);
  return {
    ...{ name: source.name, title: `the history of ${source.title}`, total: source.total },
    documents: source.ids.length,
    revisions: () => source.revisions(),
    get leftOut() {
      return source.unreadable.map(({ id, commit, why, holdsState }) => ({
        ...{ what: `${commit.slice(0, 10)} ${id}`, why },
        ...(holdsState !== true && { isNothing: true as const }),
      }));
    },
    faults: source.notObjects,
    repeatedKeys: source.repeatedKeys,
    close: async () => {},
  };
}
