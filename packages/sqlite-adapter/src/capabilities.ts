import { type Capabilities, stringId, type ValueTypes, valueTypes } from "@everdraft/core/adapter";

/**
 * The abilities of this storage. SQLite takes a row of at most 1,000,000,000 bytes. The limits stay well below that:
 * writing and reading a row holds it in memory several times over (the state, its canonical bytes, the engine's copy, the
 * page cache), and the event loop stands still meanwhile, for seconds at 100 MiB.
 */
export const capabilities: Capabilities = {
  idKinds: [stringId],
  valueTypes: [],
  atomic: true,
  rowsWithEvents: true,
  scans: true,
  eventBytes: 100 * 1024 * 1024,
  stateBytes: 100 * 1024 * 1024,
};

/** The look-up over the value types of this storage: there are none beside the plain ones. */
export const types: ValueTypes = valueTypes(capabilities.valueTypes);
