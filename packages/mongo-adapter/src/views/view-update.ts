import { isPlain, type PlainObject, type View } from "@everdraft/core/adapter";
import { toBson } from "../bson/bson.ts";
import type { Document } from "../connection/driver.ts";
import { factsOf } from "./view-document.ts";

/** An update of a view that touches only the changed places, over exactly the view that its writer knew. */
export interface ViewUpdate {
  readonly filter: Document;
  readonly update: Document;
}

/** The steps of an update, and its conditions: one for each place that is written. */
interface Steps {
  readonly set: Record<string, unknown>;
  readonly unset: Record<string, "">;
  readonly push: Record<string, { readonly $each: readonly unknown[] }>;
  readonly guards: Document[];
}

/** A place in a document: as update operators name it, and as an expression that gives its value. */
interface Place {
  readonly name: string;
  readonly value: unknown;
}

/**
 * The update that makes one view of another, where operators can say it. Unchanged parts are one reference in both states,
 * so the cost of the walk grows with the changed ones. Each place that is written is compared with the value that its writer
 * knew, so a value that another program wrote there is kept. Undefined for keys at the top that only the whole document can
 * hold.
 */
export function updateOf(before: View, after: View): ViewUpdate | undefined {
  const [from, to] = [before.state, after.state];
  if (from === undefined || to === undefined) return undefined;
  const steps: Steps = { set: {}, unset: {}, push: {}, guards: [] };
  if (!objectSteps(steps, from, to, undefined)) return undefined;
  const { set, unset, push, guards } = steps;
  const facts = { $eq: ["$_everdraft", { $literal: factsOf(before) }] };
  const known = { _id: before.id, "_everdraft.version": before.version, "_everdraft.head": before.hash };
  return {
    filter: { ...known, $expr: { $and: [facts, ...guards] } },
    update: {
      $set: { ...set, _everdraft: factsOf(after) },
      ...(Object.keys(unset).length > 0 && { $unset: unset }),
      ...(Object.keys(push).length > 0 && { $push: push }),
    },
  };
}

/** Whether operators and expressions can name a key. */
function isNamed(key: string): boolean {
  return key !== "" && !key.startsWith("$") && !key.includes(".");
}

/** The steps from one object to another; false where one of its keys cannot be named. */
function objectSteps(steps: Steps, from: PlainObject, to: PlainObject, at: Place | undefined): boolean {
  const changed = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter(
    (key) => from[key] !== to[key] || Object.hasOwn(from, key) !== Object.hasOwn(to, key),
  );
  if (!changed.every(isNamed)) return false;
  for (const key of changed) {
    const place = fieldOf(at, key);
    if (!Object.hasOwn(to, key)) {
      steps.unset[place.name] = "";
      steps.guards.push(is(place, from[key]));
    } else if (Object.hasOwn(from, key)) valueSteps(steps, from[key], to[key], place);
    else {
      steps.set[place.name] = toBson(to[key]);
      steps.guards.push({ $eq: [{ $type: place.value }, "missing"] });
    }
  }
  return true;
}

function valueSteps(steps: Steps, from: unknown, to: unknown, place: Place): void {
  if (from === to) return;
  if (Array.isArray(from) && Array.isArray(to) && arraySteps(steps, from, to, place)) return;
  if (isPlain(from) && isPlain(to) && objectSteps(steps, from, to, place)) return;
  steps.set[place.name] = toBson(to);
  steps.guards.push(is(place, from));
}

/** Elements changed in place, or added at the end; false for anything else. */
function arraySteps(steps: Steps, from: readonly unknown[], to: readonly unknown[], place: Place): boolean {
  if (from.length === to.length) {
    for (const [i, element] of from.entries()) valueSteps(steps, element, to[i], elementOf(place, i));
    steps.guards.push({ $eq: [sizeOf(place), from.length] });
    return true;
  }
  if (from.length > to.length || from.some((element, i) => element !== to[i])) return false;
  steps.push[place.name] = { $each: to.slice(from.length).map((element) => toBson(element)) };
  steps.guards.push({ $eq: [sizeOf(place), from.length] });
  return true;
}

function fieldOf(at: Place | undefined, key: string): Place {
  if (at === undefined) return { name: key, value: `$${key}` };
  const { name, value } = at;
  const inner =
    typeof value === "string" ? `${value}.${key}` : { $let: { vars: { at: value }, in: `$$at.${key}` } };
  return { name: `${name}.${key}`, value: inner };
}

/** An element of a place that is an array; missing where another program put something else there. */
function elementOf({ name, value }: Place, index: number): Place {
  const element = { $cond: [{ $isArray: [value] }, { $arrayElemAt: [value, index] }, "$$REMOVE"] };
  return { name: `${name}.${index}`, value: element };
}

function sizeOf({ value }: Place): unknown {
  return { $cond: [{ $isArray: [value] }, { $size: value }, -1] };
}

function is({ value }: Place, known: unknown): Document {
  const literal = { $literal: toBson(known) };
  return isOrHoldsNaN(known) ? sameWithNaN(value, literal) : { $eq: [value, literal] };
}

/** That two expressions give the same value, of which NaN is a part: by `$eq` it is not itself on every server. */
export function sameWithNaN(a: unknown, b: unknown): Document {
  return { $eq: [{ $cmp: [a, b] }, 0] };
}

/** Whether a value is NaN, or holds it. */
export function isOrHoldsNaN(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isOrHoldsNaN);
  if (value instanceof Map) return [...value.values()].some(isOrHoldsNaN);
  return isPlain(value) ? Object.values(value).some(isOrHoldsNaN) : Number.isNaN(value);
}
