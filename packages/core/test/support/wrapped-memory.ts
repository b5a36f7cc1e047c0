import {
  type RecordBytes,
  recordOf,
  type Storage,
  type StoredCollection,
  type StoredEvent,
  valueTypes,
} from "@everdraft/core/adapter";
import { memoryStorage } from "@everdraft/core/memory";

const types = valueTypes([]);

/** A storage in memory of which some parts behave in another way. */
export function wrappedMemory(
  wrap: (opened: StoredCollection) => Partial<StoredCollection>,
  capabilities: Partial<Storage<string>["capabilities"]> = {},
): Storage<string> {
  const beneath = memoryStorage();
  return {
    ...beneath,
    capabilities: { ...beneath.capabilities, ...capabilities },
    open: async (collection, call) => {
      const opened = await beneath.open(collection, call);
      return { ...opened, ...wrap(opened) };
    },
  };
}

/** Records one behind the other, as a storage gives them. */
export function recordBytes(records: readonly Uint8Array[]): RecordBytes & { readonly bytes: Uint8Array } {
  let end = 0;
  const ends = records.map(({ length }) => {
    end += length;
    return end;
  });
  return { bytes: Buffer.concat(records), ends };
}

/** The records of some events, as a storage gives them. */
export function recordsOf(events: readonly StoredEvent[]): RecordBytes {
  return recordBytes(events.map((event) => recordOf(event, types)));
}
