/** A fault of a collection, and its remedy. */
export interface Problem {
  /** The finding, as a sentence. */
  readonly what: string;
  /** The remedy. */
  readonly remedy: string;
}

/** Facts of a collection for people. Counts may be estimates where exact ones cost a scan. */
export interface Facts {
  /** Where it is kept, without secrets: the kind of engine and its version. */
  readonly engine: string;
  /** How many events the log has. */
  readonly events: number;
  /** How many living documents there are. */
  readonly views: number;
  /** How many snapshots are kept. */
  readonly snapshots: number;
  /** The size of all of it, in bytes; undefined where the engine cannot tell. */
  readonly bytes: number | undefined;
  /** The abilities of the engine, for people: by whatever names say it. */
  readonly abilities: Readonly<Record<string, boolean>>;
  /** The faults: an index that is missing or other than wanted, say. */
  readonly problems: readonly Problem[];
}
