import { createStore, OptionsError } from "@everdraft/core";
import { rebuild } from "@everdraft/core/upkeep";
import { expect } from "vitest";
import { otherCalls, storeCalls } from "./every-call.ts";
import { type RefusedRow, rowsOf } from "./row.ts";
import { firstState, type Scene } from "./scene.ts";
import { secret } from "./secret.ts";

const options = { error: OptionsError, code: "options" } as const;

type Given = readonly [option: string, values: readonly unknown[], remedy: RegExp];

const ofEveryCall: readonly Given[] = [
  [
    "timeoutMs",
    [0, -1, Number.NaN, Number.POSITIVE_INFINITY, secret, null],
    /a number of milliseconds above 0/,
  ],
  ["signal", [{ aborted: false }, secret, null], /it is an AbortSignal/],
];

const ofWrites: readonly Given[] = [
  ["reason", [5, null, { text: secret }, `${secret}\ud83d`], /it is a text/],
  ["meta", [new Map([[secret, 1]]), [secret], secret, null], /it is a plain object/],
  ["key", ["", 5, null, { text: secret }, secret.padEnd(1_025, "x")], /it is a text of 1 to 1024 characters/],
  ["expectedVersion", [-1, 1.5, Number.NaN, secret, null], /it is a version, or 0 for a document/],
];

function show(value: unknown): string {
  if (value instanceof Map) return "a Map";
  return typeof value === "object" ? JSON.stringify(value) : `${typeof value} ${String(value).slice(0, 20)}`;
}

/** Rows for values of options, each through a call. */
function each(
  given: readonly Given[],
  call: string,
  provoke: (scene: Scene, given: never) => unknown,
): Omit<RefusedRow, "error" | "code">[] {
  return given.flatMap(([option, values, remedy]) =>
    values.map((value) => ({
      title: `${option}: ${show(value)}, in ${call}`,
      provoke: (scene: Scene) => provoke(scene, { [option]: value } as never),
      details: { option, reason: expect.any(String) },
      remedy,
    })),
  );
}

const calls = rowsOf(options, [
  ...each([...ofEveryCall, ...ofWrites], "edit", ({ store }, given) => {
    return store.edit("d", "bob", (draft) => void draft.n++, given);
  }),
  ...each(ofEveryCall, "get", ({ store }, given) => store.get("d", given)),
  ...each(ofEveryCall, "find", ({ store }, given) => store.find({}, given).toArray()),
  ...each(ofEveryCall, "history", ({ store }, given) => store.history("d", given).toArray()),
  ...each(ofEveryCall, "verify", ({ store }, given) => store.verify("d", given)),
  ...each(
    [
      ["order", ["up", 1, null], /it is "oldest" or "newest"/],
      ["path", [secret, 5, [null], [{ text: secret }]], /it is a list of keys and indexes/],
      ["type", ["nonsense", 5, null], /it is a type of event/],
      ["changes", [1, secret, null], /it is true or false/],
      ["at", [{ version: 1 }], /it is the moment of a path, and there is none/],
    ],
    "history",
    ({ store }, given) => store.history("d", given).toArray(),
  ),
  ...each(
    [
      ["path", [secret, 5, [null]], /it is a list of keys and indexes/],
      ["act", [5, null], /it is the id of an act/],
      ["reason", [5, null], /it is a text/],
      ["meta", [secret, null], /it is a plain object/],
    ],
    "changes",
    ({ store }, given) => store.changes(given).toArray(),
  ),
  ...each(
    [
      ["bucket", ["week", 5, null, undefined], /it is "hour" or "day"/],
      ["timeZone", ["Europe/Nowhere", 5, null, ""], /it is the name of a time zone/],
    ],
    "activity",
    ({ store }, given) => store.activity(Object.assign({ bucket: "day" }, given)),
  ),
  ...each([["acceptFutureHead", [1, secret, null], /it is true or false/]], "replace", ({ store }, given) =>
    store.replace("d", "bob", firstState(), given),
  ),
]);

const noOptions = rowsOf(
  options,
  Object.entries({ ...storeCalls, ...otherCalls }).flatMap(([call, provoke]) =>
    [null, secret].map((given) => ({
      title: `${given === null ? "null" : "a text"} in the place of the options of ${call}`,
      provoke: (scene: Scene) => provoke(scene, given as never),
      details: { option: "options" },
      remedy: /it is an object/,
    })),
  ),
);

const others = rowsOf(options, [
  ...[secret, undefined, { 0: "d" }].map((ids) => ({
    title: `getMany of ${typeof ids === "object" ? "an object" : typeof ids}`,
    provoke: ({ store }: Scene) => store.getMany(ids as never),
    details: { option: "ids" },
    remedy: /it is a list of ids/,
  })),
  ...[null, undefined, secret, { version: 3 }, { eventId: 5, version: 3 }].map((write) => ({
    title: `resolve of ${write === secret ? "a text" : JSON.stringify(write)}`,
    provoke: ({ store }: Scene) => store.resolve("d", write as never),
    details: { option: "eventId" },
    remedy: /what the IndeterminateError named/,
  })),
]);

const collections = ["", "x".repeat(101), "a\0b", "a\ud83d", 5, undefined];
const ofStores: readonly Given[] = [
  ["collection", collections, /it is a text of 1 to 100 characters/],
  ["storage", [undefined, null, {}, secret], /it is a storage, such as memoryStorage\(\) gives/],
  ["schemaVersion", [0, -1, 1.5, Number.NaN, secret], /it is a whole number from 1/],
  ["clock", [5, secret, null], /it is a function that gives milliseconds/],
  ["onNotice", [5, secret, null], /it is a function/],
  ["cache", [{}, { maxBytes: -1 }, { maxBytes: secret }, 5, null], /maxBytes is a whole number from 0/],
  ["logIndexes", [secret, ["at"], ["by", "by"], [5], null], /it is a list of "by", "type" and "act"/],
  ["limits", [{ eventBytes: -1 }, { stateBytes: 1.5 }, { stateBytes: secret }, 5, null], /whole number/],
];

const stores = rowsOf(options, [
  ...each(ofStores, "createStore", ({ bench }, given: object) => {
    return createStore({ collection: "orders", storage: bench.storage, ...given });
  }),
  ...(
    [
      ["missing", 3, { 1: () => ({}) }],
      ["missing altogether", 2, undefined],
      ["for the store's own version", 2, { 1: () => ({}), 2: () => ({}) }],
      ["that are no functions", 2, { 1: secret }],
      ["under a name", 2, { first: () => ({}), 1: () => ({}) }],
      ["that are null", 2, null],
    ] as const
  ).map(([what, schemaVersion, migrations]) => ({
    title: `migrations ${what}, in createStore`,
    provoke: ({ bench }: Scene) => {
      const given = migrations === undefined ? {} : { migrations: migrations as never };
      return createStore({ collection: "orders", storage: bench.storage, schemaVersion, ...given });
    },
    details: { option: "migrations" },
    remedy: /version/,
  })),
  {
    title: "rebuild without options",
    provoke: ({ store }) => Reflect.apply(rebuild, undefined, [store]),
    details: { option: "options" },
    remedy: /it is an object/,
  },
  ...[undefined, null, secret].map((given) => ({
    title: `createStore of ${given === secret ? "a text" : given}`,
    provoke: () => createStore(given as never),
    details: { option: "options" },
    remedy: /it is an object/,
  })),
]);

const clocks = rowsOf(
  options,
  [Number.NaN, Number.POSITIVE_INFINITY, 9e15, secret, undefined, new Date()].map((time) => ({
    title: `a clock that gives ${time instanceof Date ? "a date" : `${typeof time} ${time}`}`,
    provoke: (scene: Scene) => {
      const store = scene.cold({ clock: () => time as number });
      return store.create("new", "bob", firstState());
    },
    details: { option: "clock" },
    remedy: /it gives milliseconds since 1970/,
  })),
);

/** Options of calls and of stores. */
export const optionRows: readonly RefusedRow[] = [...calls, ...noOptions, ...others, ...stores, ...clocks];
