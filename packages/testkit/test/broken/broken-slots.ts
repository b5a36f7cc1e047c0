import type { StoredEvent } from "@everdraft/core/adapter";
import type { Break } from "./breaks.ts";

/** A log that stores an event whose slot is taken beside the one that has it, as without a unique index. */
function doubling(isIdUnique: boolean): Break {
  return ({ log }) => {
    const doubles: StoredEvent[] = [];
    return {
      log: {
        commit: async (appends, order, call) => {
          const outcomes = await log.commit(appends, order, call);
          return outcomes.map((outcome, i) => {
            const event = appends[i]?.event;
            if (outcome.event !== "taken" || event === undefined) return outcome;
            if (isIdUnique && outcome.by === "id") return outcome;
            doubles.push(event);
            return { event: "stored", ...(appends[i]?.view && { view: "current" }) };
          });
        },
        read: async (doc, { from, to, limit }, call) => {
          const found = await log.read(doc, { from, to, limit }, call);
          const more = doubles.filter((one) => one.doc === doc && one.version >= from && one.version <= to);
          return [...found, ...more].toSorted((a, b) => a.version - b.version).slice(0, limit);
        },
        byId: async (doc, id, call) =>
          (await log.byId(doc, id, call)) ?? doubles.find((one) => one.doc === doc && one.id === id),
      },
    };
  };
}

/** Logs that break the promise of the slot, by the section of the kit that must notice. */
export const brokenSlots: readonly (readonly [section: string, what: string, change: Break])[] = [
  ["slots and conflicts", "ignores the slot", doubling(false)],
  ["slots and conflicts", "keeps events unique by their id only", doubling(true)],
  [
    "append",
    "takes a taken slot for free and says that the event is stored",
    ({ log }) => ({
      log: {
        commit: async (...args) =>
          (await log.commit(...args)).map((outcome) =>
            outcome.event === "taken" ? { event: "stored", view: "current" } : outcome,
          ),
      },
    }),
  ],
  [
    "chains",
    "keeps half of a chain and calls all of it stored",
    ({ log }) => ({
      log: {
        commit: async (appends, order, call) => {
          const half = appends.slice(0, Math.ceil(appends.length / 2));
          const outcomes = await log.commit(order === "chain" ? half : appends, order, call);
          return appends.map((_, i) => outcomes[i] ?? { event: "stored", view: "current" });
        },
      },
    }),
  ],
  [
    "order and ranges",
    "reads events against their order",
    ({ log }) => ({ log: { read: async (...args) => (await log.read(...args)).toReversed() } }),
  ],
  [
    "append",
    "stores an event after it has answered, when the next one comes",
    ({ log }) => {
      let late: () => Promise<unknown> = async () => undefined;
      return {
        log: {
          commit: async (appends, order, call) => {
            const before = late;
            late = () => log.commit(appends, order, call);
            await before();
            return appends.map(({ view }) => ({ event: "stored", ...(view && { view: "current" }) }));
          },
        },
      };
    },
  ],
];
