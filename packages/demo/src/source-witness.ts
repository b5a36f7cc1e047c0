import type { SourceRevision } from "@everdraft/git-history";
import { stateDigest } from "./state-digest.ts";
import { createTurns } from "./turns.ts";

/** What the source said that a document was at a time. */
export interface Sighting {
  /** The time. */
  readonly at: Date;
  /** The digest of the state. */
  readonly digest: string;
}

/** Remembers the digests of what goes into an import, to be compared with what comes out. */
export interface SourceWitness {
  /** The same revisions, looked at as they pass. */
  watch(revisions: AsyncIterable<SourceRevision>): AsyncIterable<SourceRevision>;
  /** What was seen of a document: the last revision of each time, in order. */
  sightings(id: string): Sighting[];
  /** How many users the revisions had. */
  users(): number;
}

/** Makes a witness. */
export function createWitness(): SourceWitness {
  const digests = new Map<string, Map<number, string>>();
  const users = new Set<string>();

  async function* watch(revisions: AsyncIterable<SourceRevision>): AsyncGenerator<SourceRevision> {
    const turn = createTurns();
    for await (const revision of revisions) {
      await turn();
      const { id, at, by, state } = revision;
      if (!digests.has(id)) digests.set(id, new Map());
      digests.get(id)?.set(at.getTime(), stateDigest(state));
      users.add(by);
      yield revision;
    }
  }

  return {
    watch,
    sightings: (id) => [...(digests.get(id) ?? [])].map(([at, digest]) => ({ at: new Date(at), digest })),
    users: () => users.size,
  };
}
