import type { Plant } from "./plant.ts";

/** Snapshots, rows and checkpoints that break one promise each. */
export const brokenRecords: readonly Plant[] = [
  [
    ["histories longer than a snapshot's interval"],
    "keeps no snapshots",
    () => ({ snapshots: { put: async () => undefined } }),
  ],
  [
    ["projections", "migrating documents", "finding what was stored since", "rebuild"],
    "gives rows the first version of their document",
    () => ({
      rows: (rows) => ({
        get: async (docs, call) => (await rows.get(docs, call)).map((set) => set && { ...set, version: 1 }),
        find: async (query, call) => (await rows.find(query, call)).map((row) => ({ ...row, version: 1 })),
      }),
    }),
  ],
  [
    [
      "projections",
      "rebuild of a new version",
      "iterating over what changes",
      "finding documents of newer schemas",
    ],
    "writes no rows, and says that it did",
    () => ({ rows: () => ({ write: async () => "current" }) }),
  ],
  [
    ["pages of lists", "iterating over what changes"],
    "leaves out the row behind each page",
    () => ({
      rows: (rows) => ({
        find: async (query, call) => (await rows.find(query, call)).slice(query.after === undefined ? 0 : 1),
      }),
    }),
  ],
  [
    ["verify and inspect", "finding what was stored since"],
    "keeps no checkpoints",
    () => ({ checkpoints: { put: async () => undefined } }),
  ],
  [
    ["rebuild of a new version", "finding what was stored since"],
    "lists no checkpoints",
    () => ({ checkpoints: { list: async () => [] } }),
  ],
  [
    ["rebuild of a new version"],
    "takes no checkpoint away",
    () => ({ checkpoints: { remove: async () => undefined } }),
  ],
  [
    ["rebuild", "migrating documents"],
    "writes every swap of a checkpoint",
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
