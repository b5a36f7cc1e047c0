/** Something of a collection that is not as it should be, and what to do. */
export interface Problem {
  /** What was found, as a sentence. */
  readonly what: string;
  /** What mends it. */
  readonly remedy: string;
}

/** What a storage tells people of a collection. Counts may be estimates where exact ones cost a scan. */
export interface Facts {
  /** Where it is kept, without secrets: the kind of engine and its version. */
  readonly engine: string;
  /** How many events the log has. */
  readonly events: number;
  /** How many living documents there are. */
  readonly views: number;
  /** How many snapshots are kept. */
  readonly snapshots: number;
  /** What all of it takes up, in bytes; undefined where the engine cannot tell. */
  readonly bytes: number | undefined;
  /** What the engine can do, for people: by whatever names say it. */
  readonly abilities: Readonly<Record<string, boolean>>;
  /** What is not as it should be: an index that is missing or other than wanted, say. */
  readonly problems: readonly Problem[];
}
