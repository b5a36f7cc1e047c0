import type { Storage, StoredEvent } from "@everdraft/core/adapter";
import { eventsIn } from "./refusals.ts";
import { wrapStorage } from "./wrap-storage.ts";

/** The events that somebody made of the stored ones of a document: other ones, fewer, in another order. */
export type Tamper = (events: readonly StoredEvent[]) => readonly StoredEvent[];

/** A storage whose log gives the tampered events of one document. Nothing beneath is changed. */
export function tamperedStorage(storage: Storage<string>, doc: string, tamper: Tamper): Storage<string> {
  return wrapStorage(storage, ({ log }) => {
    let loading: Promise<readonly StoredEvent[]> | undefined;
    const load = async () => {
      const events = tamper(await eventsIn({ log }, doc));
      return events.toSorted((a, b) => a.version - b.version);
    };
    // copies, as every read of a real storage makes them: nothing is remembered of the events they were
    const events = async (wanted: (event: StoredEvent) => boolean) => {
      loading ??= load();
      return structuredClone((await loading).filter(wanted)) as StoredEvent[];
    };
    return {
      log: {
        commit: (appends, kind, call) => {
          loading = undefined;
          return log.commit(appends, kind, call);
        },
        read: async (id, range, call) => {
          if (id !== doc) return log.read(id, range, call);
          const found = await events(({ version }) => version >= range.from && version <= range.to);
          return found.slice(0, range.limit);
        },
        head: async (id, known, call) => {
          if (id !== doc) return log.head(id, known, call);
          loading ??= load();
          const newest = (await loading).at(-1);
          return newest && structuredClone(newest);
        },
        byId: async (id, eventId, call) =>
          id === doc ? (await events((one) => one.id === eventId))[0] : log.byId(id, eventId, call),
      },
    };
  });
}
