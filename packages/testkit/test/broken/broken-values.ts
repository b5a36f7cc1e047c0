import type { PlainObject, View } from "@everdraft/core/adapter";
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

/** Views that give values back wrong, by the section of the kit that must notice. */
export const brokenValues: readonly (readonly [section: string, what: string, change: Break])[] = [
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
    "drops what is null, or was undefined, from arrays",
    readingStates(
      everywhere((value) => (Array.isArray(value) ? value.filter((one) => one !== null) : value)),
    ),
  ],
  [
    "values",
    "gives an undefined field that nobody set",
    readingStates((state) => ({ ...Object(state), more: undefined })),
  ],
];
