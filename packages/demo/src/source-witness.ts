import type { SourceRevision } from "./source.ts";
import { stateDigest } from "./state-digest.ts";

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
  /** How many users the revisions of a document had. */
  users(id: string): number;
}

/** Makes a witness. */
export function createWitness(): SourceWitness {
  const digests = new Map<string, Map<number, string>>();
  const users = new Map<string, Set<string>>();

  async function* watch(revisions: AsyncIterable<SourceRevision>): AsyncGenerator<SourceRevision> {
    for await (const revision of revisions) {
      const { id, at, by, state } = revision;
      if (!digests.has(id)) digests.set(id, new Map());
      digests.get(id)?.set(at.getTime(), stateDigest(state));
      if (!users.has(id)) users.set(id, new Set());
      users.get(id)?.add(by);
      yield revision;
    }
  }

  return {
    watch,
    sightings: (id) => [...(digests.get(id) ?? [])].map(([at, digest]) => ({ at: new Date(at), digest })),
    users: (id) => users.get(id)?.size ?? 0,
  };
}
