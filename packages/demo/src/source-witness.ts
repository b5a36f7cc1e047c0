import type { SourceRevision } from "@everdraft/git-history";
import { stateDigest } from "./state-digest.ts";
import { createTurns } from "./turns.ts";

/** The state of a document at a time, by the source. */
export interface Sighting {
  /** The time. */
  readonly at: Date;
  /** The digest of the state. */
  readonly digest: string;
}

/** Remembers the digests of the states that go into an import, to be compared with those that come out. */
export interface SourceWitness {
  /** The same revisions, looked at as they pass. */
  watch(revisions: AsyncIterable<SourceRevision>): AsyncIterable<SourceRevision>;
  /** Forgets a revision, by its number within its document, and gives its commit. */
  forget(id: string, revision: number): string | undefined;
  /** The revisions seen of a document: the last one of each time, in order. */
  sightings(id: string): Sighting[];
  /** How many users the revisions had. */
  users(): number;
}

interface Seen {
  readonly at: number;
  digest: string | undefined;
  readonly commit: string | undefined;
}

/** Makes a witness. */
export function createWitness(): SourceWitness {
  const documents = new Map<string, Seen[]>();
  const users = new Set<string>();

  async function* watch(revisions: AsyncIterable<SourceRevision>): AsyncGenerator<SourceRevision> {
    const turn = createTurns();
    for await (const revision of revisions) {
      await turn();
      const { id, at, by, state, meta } = revision;
      const seen = documents.get(id) ?? [];
      documents.set(id, seen);
      seen.push({
        at: at.getTime(),
        digest: stateDigest(state),
        commit: meta && String(Reflect.get(meta, "commit")),
      });
      users.add(by);
      yield revision;
    }
  }

  function sightings(id: string): Sighting[] {
    const last = new Map<number, string>();
    for (const { at, digest } of documents.get(id) ?? []) if (digest !== undefined) last.set(at, digest);
    return [...last].map(([at, digest]) => ({ at: new Date(at), digest }));
  }

  return {
    watch,
    forget: (id, revision) => {
      const seen = documents.get(id)?.[revision - 1];
      if (seen === undefined) return undefined;
      seen.digest = undefined;
      return seen.commit;
    },
    sightings,
    users: () => users.size,
  };
}
