import { nameOf } from "../changes/follow-elements.ts";
import { advance, childOf, pathAtStart, pathNow, type Tracked, track } from "../changes/track.ts";
import type { BlamedEvent, BlamedValue, BlameOptions, InnerBlame } from "../context/blamed.ts";
import { handOut } from "../context/hand-out.ts";
import type { OnDocument } from "../context/on-document.ts";
import { VersionAheadError } from "../errors/version-ahead-error.ts";
import { type Folded, nothing } from "../fold/folded.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { CheckedMoment } from "../model/moment.ts";
import type { Path } from "../value/path.ts";
import { hasOwn, isContainer, isPlain, type PlainObject } from "../value/value.ts";
import { blamedEvent } from "./blamed-event.ts";
import { replay } from "./replay.ts";
import { steps } from "./steps.ts";

type Mark = BlamedEvent<DocumentId>;
type Value = BlamedValue<DocumentId>;

/** The moment of a blame, the place of its iteration, and the events that it passes over. */
export interface AskedBlame {
  readonly moment: CheckedMoment;
  readonly path: Path;
  readonly ignore: BlameOptions<DocumentId>["ignore"] | undefined;
}

/**
 * Each value of a document at a moment with the event that last set it; undefined where it does not live then. `again`
 * begins another call on the document, with a deadline of its own, for who walks back. Cost: one replay of all events up to
 * the moment. Throws VersionAheadError, CorruptEventError.
 */
export async function blame(
  on: OnDocument,
  asked: AskedBlame,
  again: () => OnDocument,
): Promise<InnerBlame | undefined> {
  const { types } = on.resources;
  const tracking: Tracking = { folded: nothing, root: undefined, newest: undefined };
  for await (const step of steps(on, nothing, asked.moment)) {
    const { event, before, after } = step;
    const mark = blamedEvent(event);
    if (after.state === undefined) tracking.root = undefined;
    else if (tracking.root === undefined) tracking.root = track(mark);
    else {
      const marking = { mark, isIgnored: asked.ignore?.(mark) === true, types };
      advance(tracking.root, before.state, after.state, marking);
    }
    if (event.type !== "blank") tracking.newest = mark;
    tracking.folded = after;
  }
  refuseAhead(on, asked.moment, tracking.folded);
  const tree = migrated(on, tracking);
  return tree && shown(tree, asked, again);
}

function refuseAhead({ doc }: OnDocument, moment: CheckedMoment, { version }: Folded): void {
  if ("version" in moment && version < moment.version)
    throw new VersionAheadError({ id: doc, version: moment.version, head: version });
}

interface Tracking {
  folded: Folded;
  /** The marks; undefined where the document does not live. */
  root: Tracked<Mark> | undefined;
  /** The newest event that is no blank. */
  newest: Mark | undefined;
}

/** A state as it is handed out, and the marks of its values. */
interface Tree {
  readonly state: PlainObject;
  readonly root: Tracked<Mark>;
}

/** In the store's schema. A migration is no event: the values that it makes are the newest event's. */
function migrated(on: OnDocument, { folded, root, newest }: Tracking): Tree | undefined {
  const { resources, doc } = on;
  if (folded.state === undefined || root === undefined || newest === undefined) return undefined;
  const state = handOut(resources, doc, folded.state, folded.schema);
  if (folded.schema !== resources.schema.version) {
    const mark = Object.freeze({ ...newest, migration: true as const });
    advance(root, folded.state, state, { mark, isIgnored: false, types: resources.types });
  }
  return { state, root };
}

function shown({ state, root }: Tree, asked: AskedBlame, again: () => OnDocument): InnerBlame {
  const at = (path: Path): Value | undefined => {
    let [value, node]: [unknown, Tracked<Mark>] = [state, root];
    const named: (string | number)[] = [];
    for (const step of path) {
      if (!holds(value, step)) return undefined;
      value = Reflect.get(value, step);
      node = childOf(node, step);
      named.push(typeof step === "number" ? nameStep(value, step) : step);
    }
    const event = isContainer(value) ? node.touched : node.mark;
    return {
      path,
      ...(named.some((step, i) => step !== path[i]) && { named }),
      value,
      event,
      previous: () => previousOf(again, asked, path, event.version),
    };
  };
  return {
    state,
    at,
    *[Symbol.iterator]() {
      for (const path of leaves(asked.path, at(asked.path)?.value)) {
        const found = at(path);
        if (found !== undefined) yield found;
      }
    },
  };
}

function holds(value: unknown, step: string | number): value is PlainObject | readonly unknown[] {
  return typeof step === "number"
    ? Array.isArray(value) && step in value
    : isPlain(value) && hasOwn(value, step);
}

function nameStep(element: unknown, index: number): string | number {
  const name = nameOf(element);
  if (name === undefined) return index;
  return typeof name === "number" ? name : String(name);
}

/** The paths of all values that hold no others. */
function* leaves(path: Path, value: unknown): Generator<Path> {
  if (value === undefined) return;
  const keys = isContainer(value) ? Object.keys(value) : [];
  if (keys.length === 0) yield path;
  for (const key of keys) {
    const step = Array.isArray(value) ? Number(key) : key;
    yield* leaves([...path, step], Reflect.get(Object(value), key));
  }
}

/** The value at a place before a version, the place being followed back from the moment that was asked for. */
async function previousOf(
  again: () => OnDocument,
  asked: AskedBlame,
  path: Path,
  version: number,
): Promise<Value | undefined> {
  if (version <= 1) return undefined;
  const before = { ...asked, moment: { version: version - 1 } };
  const earlier = await blame(again(), before, again);
  const place = earlier && (await placeThen(again(), asked.moment, path, version - 1));
  return place && earlier.at(place);
}

/** The path at a version of a place that has this path at a later moment; undefined where it was not there. */
async function placeThen(
  on: OnDocument,
  moment: CheckedMoment,
  path: Path,
  version: number,
): Promise<Path | undefined> {
  const { resources, doc } = on;
  const then = (await replay(on, { version })).folded;
  if (then.state === undefined) return undefined;
  const root = track(undefined);
  const marking = { mark: undefined, isIgnored: false, types: resources.types };
  const follow = (from: unknown, to: unknown): unknown => advance(root, from, to, marking);
  let last = then;
  for await (const { before, after } of steps(on, then, moment)) {
    follow(before.state, after.state);
    last = after;
  }
  if (last.state !== undefined && last.schema !== resources.schema.version)
    follow(last.state, handOut(resources, doc, last.state, last.schema));
  const stored = pathAtStart(root, path);
  if (stored === undefined || then.schema === resources.schema.version) return stored;
  const state = handOut(resources, doc, then.state, then.schema);
  const asHandedOut = track(undefined);
  advance(asHandedOut, then.state, state, marking);
  return pathNow(asHandedOut, stored, state);
}
