import type { Revision } from "@everdraft/core";
import type { ImportSource } from "./source.ts";

/** The histories of JSON and YAML files in a git repository. Throws GitError. */
export async function gitSource(
  repository: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<ImportSource> {
  const { gitSource: readGit } = await import("@everdraft/git-history");
  const source = await readGit(repository, paths, signal);
  const commits = new Map<unknown, string[]>();
  const nameOf = (id: unknown, commit: string): string => `${commit.slice(0, 10)} ${id}`;
  async function* revisions(): AsyncGenerator<Revision<object, unknown>> {
    commits.clear();
    for await (const revision of source.revisions()) {
      const { id, meta = {} } = revision;
      const ofFile = commits.get(id) ?? [];
      commits.set(id, ofFile);
      ofFile.push(String(Reflect.get(meta, "commit")));
      yield revision;
    }
  }
  return {
    name: source.name,
    title: `the history of ${source.title}`,
    total: source.total,
    documents: source.ids.length,
    revisions,
    nameOf: (id, revision) => {
      const commit = commits.get(id)?.[revision - 1];
      return commit && nameOf(id, commit);
    },
    get leftOut() {
      return source.unreadable.map(({ id, commit, why, holdsState }) => ({
        what: nameOf(id, commit),
        why,
        ...(holdsState !== true && { isNothing: true as const }),
      }));
    },
    faults: source.notObjects,
    repeatedKeys: source.repeatedKeys,
    close: async () => {},
  };
}
