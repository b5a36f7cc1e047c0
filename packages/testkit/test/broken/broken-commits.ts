import type { StoredEvent } from "@everdraft/core/adapter";
import type { Break } from "./breaks.ts";

/** Commits that break one promise each, by the section of the kit that must notice. */
export const brokenCommits: readonly (readonly [section: string, what: string, change: Break])[] = [
  [
    "append",
    "forgets the reason of an event",
    ({ log }) => ({
      log: {
        head: async (...args) => {
          const { reason: _, ...event } = (await log.head(...args)) ?? {};
          return event as StoredEvent;
        },
      },
    }),
  ],
  [
    "append",
    "writes views before it knows whether their events are stored",
    ({ log, views }) => ({
      log: {
        commit: async (appends, order, call) => {
          for (const { view } of appends) if (view !== undefined) await views.write(view, "lower", call);
          return log.commit(appends, order, call);
        },
      },
    }),
  ],
  [
    "append",
    "gives outcomes in the order of success",
    ({ log }) => ({
      log: {
        commit: async (...args) =>
          (await log.commit(...args)).toSorted((a, b) => a.event.localeCompare(b.event)),
      },
    }),
  ],
  [
    "append",
    "blames the slot for an id that is taken",
    ({ log }) => ({
      log: {
        commit: async (...args) =>
          (await log.commit(...args)).map((outcome) =>
            outcome.event === "taken" ? { event: "taken", by: "slot" } : outcome,
          ),
      },
    }),
  ],
  [
    "append",
    "finds an event by its id in every document",
    ({ log }) => ({ log: { byId: async (_, id, call) => await log.byId("a", id, call) } }),
  ],
  [
    "slots and conflicts",
    "believes what it saw before it wrote",
    ({ log }) => ({
      log: {
        commit: async (appends, order, call) => {
          const seen = await Promise.all(appends.map(({ event }) => log.head(event.doc, 0, call)));
          const outcomes = await log.commit(appends, order, call);
          return outcomes.map((outcome, i) => {
            const free = (seen[i]?.version ?? 0) < (appends[i]?.event.version ?? 0);
            return free && outcome.event === "taken" ? { event: "stored", view: "current" } : outcome;
          });
        },
      },
    }),
  ],
  [
    "slots and conflicts",
    "rejects where a slot is taken",
    ({ log }) => ({
      log: {
        commit: async (...args) => {
          const outcomes = await log.commit(...args);
          if (outcomes.some(({ event }) => event === "taken")) throw new Error("E11000 duplicate key");
          return outcomes;
        },
      },
    }),
  ],
  [
    "chains",
    "goes on behind an event that was not stored",
    ({ log }) => ({ log: { commit: (appends, _, call) => log.commit(appends, "independent", call) } }),
  ],
  [
    "chains",
    "writes the view of a chain that was not stored to its end",
    ({ log, views }) => ({
      log: {
        commit: async (appends, order, call) => {
          const outcomes = await log.commit(appends, order, call);
          const view = appends.at(-1)?.view;
          if (view !== undefined && outcomes[0]?.event === "stored") await views.write(view, "lower", call);
          return outcomes;
        },
      },
    }),
  ],
  [
    "chains",
    "calls the rest of a broken chain taken",
    ({ log }) => ({
      log: {
        commit: async (...args) =>
          (await log.commit(...args)).map((outcome) =>
            outcome.event === "unsent" ? { event: "taken" } : outcome,
          ),
      },
    }),
  ],
];
