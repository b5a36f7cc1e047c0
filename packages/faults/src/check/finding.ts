/** A promise that was not kept. */
export interface Finding {
  /** Its number in docs/reliability.md. */
  readonly promise: Promise_;
  /** The outcome of the act: gone, there twice, there though it was reported as failed, or something else. */
  readonly kind: "lost" | "doubled" | "phantom" | "wrong";
  readonly doc: string;
  /** The act's token, where it is about one. */
  readonly act?: string;
  readonly message: string;
}

/** The promises that a history decides, by number. */
type Promise_ = "P1" | "P2" | "P3" | "P4" | "P5" | "P6" | "P7" | "P8" | "P9" | "P10" | "P11" | "P12";

/** The text of each promise. */
export const promises: Readonly<Record<Promise_, string>> = {
  P1: "an act is stored whole or not at all",
  P2: "the versions of a document are 1 … n, without holes and doubles, and the chain of hashes is whole",
  P3: "each acknowledged act is in the log exactly once, at the version that was told",
  P4: "an act reported as failed is never there, not even later",
  P5: "an outcome that is not known is told as such and can be resolved; no other error is given than the fault explains",
  P6: "an act that is sent again by its key is applied once and gives the same result",
  P7: "what was acknowledged before an act began comes before it, for writes, reads and refusals",
  P8: "while a document lives its view's version never falls",
  P9: "at every moment a view is the fold of a prefix, and of all when writers are quiet",
  P10: "times never go back along versions, and a sealed answer of the past never changes",
  P11: "the log is only ever added to",
  P12: "each act did to the version before it what it was asked to do",
};
