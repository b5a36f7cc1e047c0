import type { DocumentId, PlainObject, Snapshot, View } from "@everdraft/core/adapter";
import type { Break } from "./breaks.ts";

/** Changes the states of all views that a collection gives. */
function readingStates(change: (value: unknown) => unknown): Break {
  const changed = <V extends View | undefined>(view: V): V =>
    view?.state === undefined ? view : { ...view, state: change(structuredClone(view.state)) as PlainObject };
  return ({ views }) => ({ views: { get: async (...args) => (await views.get(...args)).map(changed) } });
}

/** Changes every value inside a state, from the innermost outwards. */
function everywhere(change: (value: unknown) => unknown): (value: unknown) => unknown {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return change(value.map(walk));
    if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
      return change(value);
    return change(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)])));
  };
  return walk;
}

function withoutKey(value: unknown, gone: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, gone)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== gone));
}

const rounded = (value: unknown): unknown =>
  value instanceof Date ? new Date(Math.round(value.getTime() / 1000) * 1000) : value;
const nullForNaN = (value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? null : value;
const asBuffer = (value: unknown): unknown => (value instanceof Uint8Array ? Buffer.from(value) : value);
const singlePrecision = (value: unknown): unknown => (typeof value === "number" ? Math.fround(value) : value);

/**
 * Views, snapshots and checkpoints that break one promise each, by the section of the kit that must notice.
 */
export const brokenViews: readonly (readonly [section: string, what: string, change: Break])[] = [
  ["values", "rounds dates to seconds", readingStates(everywhere(rounded))],
  ["values", "gives null for NaN, as JSON does", readingStates(everywhere(nullForNaN))],
  ["values", "gives a Buffer for bytes", readingStates(everywhere(asBuffer))],
  ["values", "keeps numbers in 32 bits", readingStates(everywhere(singlePrecision))],
  ["values", "loses the empty key", readingStates(everywhere((value) => withoutKey(value, "")))],
  [
    "values",
    "loses the key constructor",
    readingStates(everywhere((value) => withoutKey(value, "constructor"))),
  ],
  [
    "values",
    "loses empty arrays",
    readingStates(everywhere((value) => (Array.isArray(value) && value.length === 0 ? null : value))),
  ],
  [
    "values",
    "gives an undefined field that nobody set",
    readingStates((state) => ({ ...Object(state), more: undefined })),
  ],
  [
    "views",
    "writes without looking at versions",
    ({ views }) => ({ views: { write: (view, _, call) => views.write(view, "any", call) } }),
  ],
  [
    "views",
    "deletes without looking at versions",
    ({ views }) => ({
      views: {
        write: (view, over, call) => views.write(view, view.state === undefined ? "any" : over, call),
      },
    }),
  ],
  [
    "views",
    "lets another view of the same version in",
    ({ views }) => ({
      views: {
        write: async (view, over, call) => {
          const [found] = await views.get([view.id], call);
          return views.write(view, found?.version === view.version ? "any" : over, call);
        },
      },
    }),
  ],
  [
    "views",
    "always calls a write current, though it remembers no deleted versions",
    ({ views }) => ({
      views: {
        write: async (...args) => {
          await views.write(...args);
          return "current";
        },
      },
    }),
  ],
  [
    "views",
    "never lets a version fall, not even for repair",
    ({ views }) => ({ views: { write: (view, _, call) => views.write(view, "lower", call) } }),
  ],
  [
    "views",
    "gives views in the order of ids, not as asked",
    ({ views }) => ({ views: { get: (ids, call) => views.get([...ids].toSorted(), call) } }),
  ],
  [
    "find and count",
    "takes no notice of the filter",
    ({ views }) => ({ views: { find: (query, call) => views.find({ ...query, filter: {} }, call) } }),
  ],
  [
    "find and count",
    "counts all documents",
    ({ views }) => ({ views: { count: (_, call) => views.count({}, call) } }),
  ],
  [
    "find and count",
    "gives one document more than the limit",
    ({ views }) => ({
      views: { find: (query, call) => views.find({ ...query, limit: query.limit + 1 }, call) },
    }),
  ],
  [
    "sorts",
    "puts documents without the field last",
    ({ views }) => ({
      views: {
        find: async (query, call) => {
          const found = await views.find(query, call);
          const [path] = query.sort[0] ?? [""];
          return found.toSorted((a, b) => Number(a.state?.[path] == null) - Number(b.state?.[path] == null));
        },
      },
    }),
  ],
  [
    "sorts",
    "goes on behind a page by id alone",
    ({ views }) => ({
      views: {
        find: async ({ after, ...query }, call) => {
          const found = await views.find({ ...query, limit: 1000 }, call);
          const start = after === undefined ? 0 : found.findIndex(({ id }) => id === after.id) + 1;
          const rest = found
            .slice(start)
            .filter(({ id }) => after === undefined || String(id) > String(after.id));
          return rest.slice(0, query.limit);
        },
      },
    }),
  ],
  [
    "snapshots",
    "finds no snapshot at the moment itself",
    ({ snapshots }) => ({
      snapshots: {
        around: (doc, moment, call) =>
          snapshots.around(
            doc,
            "date" in moment ? { date: moment.date - 1 } : { version: moment.version - 1 },
            call,
          ),
      },
    }),
  ],
  [
    "snapshots",
    "keeps the first of two snapshots of one version",
    ({ snapshots }) => {
      const kept = new Set<string>();
      const put = async (snapshot: Snapshot, ...rest: [never]): Promise<void> => {
        const name = `${snapshot.doc} ${snapshot.version}`;
        if (!kept.has(name)) await snapshots.put(snapshot, ...rest);
        kept.add(name);
      };
      return { snapshots: { put: (snapshot, call) => put(snapshot, call as never) } };
    },
  ],
  [
    "snapshots",
    "drops all snapshots where one was meant",
    ({ snapshots }) => ({
      snapshots: { drop: (doc: DocumentId, _, call) => snapshots.drop(doc, "all", call) },
    }),
  ],
  [
    "checkpoints",
    "adds to a record instead of replacing it",
    ({ checkpoints }) => ({
      checkpoints: {
        put: async (name, value, call) =>
          checkpoints.put(name, { ...(await checkpoints.get(name, call)), ...value }, call),
      },
    }),
  ],
  [
    "checkpoints",
    "keeps records as JSON",
    ({ checkpoints }) => ({
      checkpoints: {
        put: (name, value, call) => checkpoints.put(name, JSON.parse(JSON.stringify(value)), call),
      },
    }),
  ],
  [
    "capabilities",
    "cuts long texts",
    ({ views }) => ({
      views: {
        write: (view, ...rest) => {
          const text = view.state?.text;
          return views.write(
            typeof text === "string" ? { ...view, state: { text: text.slice(0, 1e6) } } : view,
            ...rest,
          );
        },
      },
    }),
  ],
  [
    "capabilities",
    "says behind where it has written the view",
    ({ log }) => ({
      log: {
        commit: async (...args) =>
          (await log.commit(...args)).map((outcome) =>
            outcome.event === "stored" ? { ...outcome, view: "behind" } : outcome,
          ),
      },
    }),
  ],
  ["lifecycle", "answers after the close", () => ({ views: { count: async () => 0 } })],
];
