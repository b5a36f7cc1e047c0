import { createStore, defineProjection, OptionsError, type StateProjection } from "@everdraft/core";
import { memoryStorage } from "@everdraft/core/memory";
import { otherCalls, storeCalls } from "./every-call.ts";
import { type RefusedRow, rowsOf } from "./row.ts";
import type { Scene } from "./scene.ts";
import { secret } from "./secret.ts";

const options = { error: OptionsError, code: "options" } as const;

const everywhere = rowsOf(
  options,
  Object.entries({ ...storeCalls, ...otherCalls }).map(([call, provoke]) => ({
    title: `an option that there is not, in ${call}`,
    provoke: (scene: Scene) => provoke(scene, { surplus: secret } as never),
    details: { option: "surplus" },
    remedy: /^[\w().]+ has no option surplus\. It takes .*(timeoutMs|signal|meta)/,
  })),
);

/** Makes a store with further options. */
function made({ bench }: Scene, given: object): unknown {
  return createStore({ collection: "orders", storage: bench.storage, ...given });
}

type Meant = readonly [
  title: string,
  provoke: (scene: Scene) => unknown,
  option: string,
  nearest: string | undefined,
];
const uniqueIndex = { keys: { sku: 1 as const }, unique: true };
const projection = { name: "lines", version: 1, rows: () => ({}) };
const meant: readonly Meant[] = [
  [
    "expectVersion",
    ({ store }) => store.edit("d", "bob", () => {}, { expectVersion: 1 } as never),
    "expectVersion",
    "expectedVersion",
  ],
  ["version", ({ store }) => store.delete("d", "bob", { version: 1 } as never), "version", "expectedVersion"],
  [
    "idempotencyKey",
    ({ store }) => store.delete("d", "bob", { idempotencyKey: "k" } as never),
    "idempotencyKey",
    "key",
  ],
  [
    "session",
    ({ store }) => store.edit("d", "bob", () => {}, { session: {} } as never),
    "session",
    undefined,
  ],
  [
    "reson of a revision",
    ({ store }) =>
      store.import([{ id: "r", at: new Date(0), by: "bob", state: {}, reson: secret } as never], {
        name: "old",
      }),
    "reson",
    "reason",
  ],
  ["timout", ({ store }) => store.get("d", { timout: 5 } as never), "timout", "timeoutMs"],
  ["timeout", ({ store }) => store.get("d", { timeout: 5 } as never), "timeout", "timeoutMs"],
  ["skip", ({ store }) => store.find({}, { skip: 3 } as never).toArray(), "skip", undefined],
  ["selects", ({ store }) => store.find({}, { selects: ["n"] } as never).toArray(), "selects", "select"],
  ["onNotices", (scene) => made(scene, { onNotices: () => {} }), "onNotices", "onNotice"],
  ["projection", (scene) => made(scene, { projection: [] }), "projection", "projections"],
  [
    "maxByte of the cache",
    (scene) => made(scene, { cache: { maxBytes: 0, maxByte: 5 } }),
    "maxByte",
    "maxBytes",
  ],
  [
    "eventByte of the limits",
    (scene) => made(scene, { limits: { eventByte: 5 } }),
    "eventByte",
    "eventBytes",
  ],
  [
    "index of a projection",
    () => defineProjection({ ...projection, index: [] } as StateProjection),
    "index",
    "indexes",
  ],
  [
    "row of a projection",
    (scene) => made(scene, { projections: [{ ...projection, row: 5 }] }),
    "row",
    "rows",
  ],
  [
    "unique of an index",
    () => defineProjection({ ...projection, indexes: [uniqueIndex] }),
    "unique",
    undefined,
  ],
  [
    "key of an index over documents",
    (scene) => made(scene, { indexes: [{ key: { n: 1 } }] as never }),
    "key",
    "keys",
  ],
  [
    "an option of a storage in memory",
    () => Reflect.apply(memoryStorage, undefined, [{ latency: 5 }]),
    "latency",
    undefined,
  ],
];

/** Options that there are not: each names the one that was meant, perhaps, and all that there are. */
export const unknownOptionRows: readonly RefusedRow[] = [
  ...everywhere,
  ...rowsOf(
    options,
    meant.map(([title, provoke, option, nearest]) => ({
      title: `the unknown option ${title}`,
      provoke,
      details: { option, ...(nearest && { nearest }) },
      remedy:
        nearest === undefined
          ? /has no option \w+\. It takes /
          : new RegExp(`Did you mean ${nearest}\\? It takes `),
    })),
  ),
];
