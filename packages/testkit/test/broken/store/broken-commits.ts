import type { Plant } from "./plant.ts";

/** Commits that break one promise each. */
export const brokenCommits: readonly Plant[] = [
  [
    ["several writers", "life and death"],
    "says of a taken slot that it is stored",
    ({ log }) => ({
      log: {
        commit: async (...given) =>
          (await log.commit(...given)).map((one) => (one.event === "taken" ? { event: "stored" } : one)),
      },
    }),
  ],
  [
    ["what a write answers", "what is said elsewhere"],
    "says of views that are written that they are behind",
    ({ log }) => ({
      log: {
        commit: async (...given) =>
          (await log.commit(...given)).map((one) =>
            one.event === "stored" ? { ...one, view: "behind" } : one,
          ),
      },
    }),
  ],
  [
    ["many writes at once in one process"],
    "stores one event of a batch and calls all of it stored",
    ({ log }) => ({
      log: {
        commit: async (appends, order, call) => {
          const outcomes = await log.commit(order === "chain" ? appends : appends.slice(0, 1), order, call);
          return appends.map((_, i) => outcomes[i] ?? { event: "stored", view: "current" });
        },
      },
    }),
  ],
  [
    [
      "many writes at once in one process",
      "importing",
      "importing again",
      "importing while others write",
      "closing",
    ],
    "keeps half of a chain and calls all of it stored",
    ({ log }) => ({
      log: {
        commit: async (appends, order, call) => {
          const kept = order === "chain" ? appends.slice(0, Math.ceil(appends.length / 2)) : appends;
          const outcomes = await log.commit(kept, order, call);
          return appends.map((_, i) => outcomes[i] ?? { event: "stored", view: "current" });
        },
      },
    }),
  ],
  [
    ["what is said elsewhere"],
    "warns on the console where a slot is taken",
    ({ log }) => ({
      log: {
        commit: async (...given) => {
          const outcomes = await log.commit(...given);
          if (outcomes.some(({ event }) => event === "taken")) console.warn("the slot is taken");
          return outcomes;
        },
      },
    }),
  ],
  [
    ["giving up"],
    "listens to the signal of each call and never stops",
    ({ log, views }) => {
      const listen = (signal: AbortSignal | undefined): void =>
        signal?.addEventListener("abort", () => undefined);
      return {
        log: {
          commit: async (appends, order, call) => {
            listen(call.signal);
            return log.commit(appends, order, call);
          },
        },
        views: {
          get: async (ids, call) => {
            listen(call.signal);
            return views.get(ids, call);
          },
          find: async (query, call) => {
            listen(call.signal);
            return views.find(query, call);
          },
        },
      };
    },
  ],
];
