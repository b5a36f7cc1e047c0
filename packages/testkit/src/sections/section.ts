/** One promise: a sentence, and its proof on a fresh storage. */
export interface Check<B> {
  /** The sentence, used as the test's title. */
  readonly title: string;
  /** Rejects where the promise is not kept on this storage. */
  readonly prove: (bench: B) => Promise<void>;
}

/** The checks about one question. */
export interface Section<B> {
  /** The question. */
  readonly name: string;
  /** Those that run on every storage, each on a fresh one. A storage that is broken in one way fails each of them. */
  readonly checks: readonly Check<B>[];
  /**
   * Those about the library alone: a storage can fail them only by faults that other checks find. So they run once, in
   * memory, and with EVERDRAFT_WHOLE=1 on every storage.
   */
  readonly once: readonly Check<B>[];
}

/** Sentences and their proofs. */
export type Proofs<B> = Readonly<Record<string, Check<B>["prove"]>>;

/** Makes a section: of checks for every storage, and of checks about the library alone. */
export function section<B>(name: string, proofs: Proofs<B>, once: Proofs<B> = {}): Section<B> {
  return { name, checks: checksOf(proofs), once: checksOf(once) };
}

/** Makes a section about the library alone. */
export function librarySection<B>(name: string, once: Proofs<B>): Section<B> {
  return section(name, {}, once);
}

function checksOf<B>(proofs: Proofs<B>): Check<B>[] {
  return Object.entries(proofs).map(([title, prove]) => ({ title, prove }));
}
