import type { Break } from "./breaks.ts";

/** Rows and swaps that break one promise each, by the section of the kit that must notice. */
export const brokenRows: readonly (readonly [section: string, what: string, change: Break])[] = [
  [
    "rows of projections",
    "replaces rows without looking at versions",
    () => ({ rows: (rows) => ({ write: (set, _, call) => rows.write(set, "any", call) }) }),
  ],
  [
    "rows of projections",
    "leaves rows behind that a later version no longer has",
    () => ({
      rows: (rows) => ({
        write: async (set, over, call) => {
          const [found] = await rows.get([set.doc], call);
          const left = found?.rows.slice(set.rows.length) ?? [];
          return rows.write({ ...set, rows: [...set.rows, ...left] }, over, call);
        },
      }),
    }),
  ],
  [
    "rows of projections",
    "forgets the version of a document that has no rows",
    () => ({
      rows: (rows) => ({
        get: async (docs, call) =>
          (await rows.get(docs, call)).map((set) => (set?.rows.length === 0 ? undefined : set)),
        write: async (set, over, call) => {
          const [found] = await rows.get([set.doc], call);
          return rows.write(set, found?.rows.length === 0 ? "any" : over, call);
        },
      }),
    }),
  ],
  [
    "rows of projections",
    "says that rows are written with their event, and leaves them out",
    ({ log }) => ({
      log: {
        commit: async (appends, order, call) =>
          (await log.commit(appends, order, call)).map((outcome) =>
            outcome.event === "stored" ? { ...outcome, rows: true } : outcome,
          ),
      },
    }),
  ],
  [
    "checkpoints",
    "writes every swap",
    ({ checkpoints }) => ({
      checkpoints: {
        swap: async (name, value, call) => {
          await checkpoints.put(name, value, call);
          return true;
        },
      },
    }),
  ],
  [
    "rows of projections",
    "finds rows in the order of their documents",
    () => ({
      rows: (rows) => ({
        find: async ({ after, limit, ...query }, call) => {
          const all = await rows.find({ ...query, limit: 10_000 }, call);
          // "a" before "a!", though the text of its rows' ids comes behind
          const ordered =
            query.sort.length > 0
              ? all
              : all.toSorted((a, b) => (a.doc < b.doc ? -1 : a.doc > b.doc ? 1 : 0));
          const begin = after === undefined ? 0 : ordered.findIndex(({ id }) => id === after.id) + 1;
          return ordered.slice(begin, begin + limit);
        },
      }),
    }),
  ],
  [
    "checkpoints",
    "compares names by their UTF-16",
    ({ checkpoints }) => ({
      checkpoints: {
        list: async (prefix, { after, limit }, call) => {
          const all = await checkpoints.list(prefix, { limit: 10_000 }, call);
          const ordered = all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
          return ordered.filter(({ name }) => after === undefined || name > after).slice(0, limit);
        },
      },
    }),
  ],
  [
    "checkpoints",
    "takes no revision over a record that has none",
    ({ checkpoints }) => ({
      checkpoints: {
        swap: async (name, value, call) => {
          const there = await checkpoints.get(name, call);
          if (there !== undefined && !Object.hasOwn(there, "revision")) return false;
          return checkpoints.swap(name, value, call);
        },
      },
    }),
  ],
];
