import type { Revision } from "@everdraft/core";
import type { Random } from "@everdraft/testkit/random";
import type { Kind } from "../history.ts";
import { between, weighted } from "../random.ts";

/** A document of a run. */
export interface Log {
  tokens: string[];
  note?: string;
}

/** An act that a writer is about to do. */
export interface PlannedAct {
  readonly token: string;
  readonly doc: string;
  readonly kind: Kind;
  readonly keyed: boolean;
  /** Whether it names the version that its writer saw last. */
  readonly expects: boolean;
  /** After how many milliseconds its caller loses patience, where it does. */
  readonly abortAfter?: number;
  /** Where a revert goes back to, as a share of the versions known. */
  readonly back: number;
  /** How many revisions an import has. */
  readonly revisions: number;
  /** The caller's reaction to an open outcome, besides sending a keyed act again. */
  readonly whenOpen: "resolve" | "settle" | "later";
}

const kinds: Readonly<Record<Kind, number>> = {
  edit: 56,
  replace: 8,
  revert: 8,
  delete: 5,
  restore: 5,
  create: 5,
  import: 3,
  read: 10,
};

/** The acts of one worker, one after another: the same for the same seed. */
export function schedule(name: string, random: Random, documents: readonly string[]): () => PlannedAct {
  let made = 0;
  return () => {
    const token = `${name}.${++made}`;
    const kind = weighted(random, kinds);
    const shared = documents[between(random, 0, documents.length - 1)] as string;
    const patience = random();
    return {
      token,
      kind,
      // a history is taken in under an id of its own
      doc: kind === "import" ? `i-${token}` : shared,
      keyed: random() < 0.25,
      expects: random() < 0.1,
      ...(patience < 0.03 && { abortAfter: patience * 1_000 }),
      back: random(),
      revisions: between(random, 2, 12),
      whenOpen: weighted(random, { resolve: 1, settle: 2, later: 2 }),
    };
  };
}

/** The revisions of an import: the same each time it is run. */
export function revisionsOf(token: string, doc: string, count: number): Revision<Log>[] {
  return Array.from({ length: count }, (_, i) => ({
    id: doc,
    at: new Date(1_700_000_000_000 + i * 1_000),
    by: "importer",
    state: { tokens: [importToken(token, i + 1)], note: "x".repeat(i * 40) },
    meta: { token: importToken(token, i + 1) },
  }));
}

/** The token of an import's nth revision, from 1. */
export function importToken(token: string, n: number): string {
  return `${token}/${n}`;
}
