import type { Call, Outcome, StoredEvent, View, ViewOutcome } from "@everdraft/core/adapter";
import type { Break } from "../breaks.ts";

/** A storage that is broken in one way, and the sections of the kit that must notice. */
export type Plant = readonly [sections: readonly string[], what: string, change: Break];

/** A log that gives each event otherwise than it was stored. */
export function givingEvents(change: (event: StoredEvent) => StoredEvent): Break {
  const changed = <E extends StoredEvent | undefined>(event: E): E =>
    event === undefined ? event : (change(event) as E);
  return ({ log }) => ({
    log: {
      read: async (...given) => (await log.read(...given)).map(changed),
      head: async (...given) => changed(await log.head(...given)),
      byId: async (...given) => changed(await log.byId(...given)),
      changes: async (...given) => (await log.changes(...given)).map(changed),
    },
  });
}

/** Views that are given otherwise than they were written. */
export function givingViews(change: (view: View) => View): Break {
  return ({ views }) => ({
    views: {
      get: async (...given) => (await views.get(...given)).map((view) => view && change(view)),
      find: async (...given) => (await views.find(...given)).map(change),
    },
  });
}

/** A view to write, and the sound way to do so. */
export interface Writing {
  readonly view: View;
  readonly over: "lower" | "any";
  /** The view that is there. */
  found(): Promise<View | undefined>;
  /** Writes the view, or another one in its place. */
  write(over: "lower" | "any", view?: View): Promise<ViewOutcome>;
}

/** Views that are written in another way, with their events and by themselves. */
export function writingViews(act: (writing: Writing) => Promise<ViewOutcome>): Break {
  return ({ log, views }) => {
    const written = (view: View, over: "lower" | "any", call: Call): Promise<ViewOutcome> =>
      act({
        view,
        over,
        found: async () => (await views.get([view.id], call))[0],
        write: (as, other = view) => views.write(other, as, call),
      });
    return {
      log: {
        commit: async (appends, order, call) => {
          const events = appends.map(({ event }) => ({ event }));
          const outcomes = await log.commit(events, order, call);
          return Promise.all(
            outcomes.map(async (outcome, i): Promise<Outcome> => {
              const view = appends[i]?.view;
              if (outcome.event !== "stored" || view === undefined) return outcome;
              return { event: "stored", view: await written(view, "lower", call) };
            }),
          );
        },
      },
      views: { write: written },
    };
  };
}
