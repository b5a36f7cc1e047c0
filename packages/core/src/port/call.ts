/** The bounds of one call of the port. */
export interface Call {
  /** How long the call may take, in milliseconds. An adapter gives up by then: nothing may hang. */
  readonly timeoutMs: number;
  /** Ends a read early. A write that was sent is never ended by it. */
  readonly signal?: AbortSignal;
}
