/** An AbortSignal, by whatever declares it: Node's types or the DOM's. Without either a program has none to give. */
export type Signal = typeof globalThis extends { AbortSignal: { prototype: infer S } } ? S : never;

/** The bounds of one call of the port. */
export interface Call {
  /**
   * How long the call may take, in milliseconds. An adapter gives up by then, with TimeoutError (whose `id` is undefined
   * where the call is of no single document), or by the outcome `unknown`: nothing may hang.
   */
  readonly timeoutMs: number;
  /** Ends a read early, which then rejects with its `reason` as it is. A write that was sent is never ended by it. */
  readonly signal?: Signal;
}
