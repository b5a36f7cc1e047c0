/**
 * Why a storage will not take a view or rows for their content, in words of its own: never a value of a document,
 * nor the engine's text, which may quote one.
 */
export interface Refusal {
  /** The reason, as it follows "refuses it:": the index or rule where that is known, and the engine's code. */
  readonly reason: string;
  /** The remedy, in sentences. */
  readonly remedy: string;
  /** Set where this process had nothing refused, and only knows a rule that may refuse it. */
  readonly isSuspected?: true;
}
