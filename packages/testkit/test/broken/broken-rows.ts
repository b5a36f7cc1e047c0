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
];
