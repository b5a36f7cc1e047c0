import { setImmediate as nextTurn } from "node:timers/promises";
import { count, counted, plain } from "@everdraft/cli/text";
import type { Store } from "@everdraft/core";
import { momentName, pickMoments, type TourMoments } from "./moments.ts";
import { colours, type Output } from "./output.ts";
import { proveRecall, proveRevert } from "./proofs.ts";
import { changeLine, firstLines, minute, stateLines } from "./render.ts";
import type { Sighting } from "./source-witness.ts";
import { timelineLines } from "./timeline.ts";

type DemoStore = Store<Record<string, unknown>>;

/** The document and the store of the tour, and where it is printed. */
export interface TourOptions {
  /** The store with the document. */
  readonly store: DemoStore;
  /** The document. */
  readonly id: string;
  /** The source's states of the document; states of the past are compared with them. */
  readonly sightings: readonly Sighting[];
  /** Where it is printed. */
  readonly out: Output;
  /** Ends it between two parts. */
  readonly signal?: AbortSignal;
}

const linesOfState = 12;
const linesOfChanges = 10;
const placeLength = 70;
const datesRecalled = 200;
const widest = 120;
const narrowest = 60;

/**
 * Prints the store's answers about a document: its timeline, a state of the past, a comparison, a revert and its proof. Two
 * events are added to the document. False where a proof failed.
 */
export async function showTour(options: TourOptions): Promise<boolean> {
  const moments = await pickMoments(options.store, options.id);
  if (moments === undefined) return false;
  await showTimeline(options);
  await goOn(options.signal);
  const recalled = await showPast(options, moments);
  await goOn(options.signal);
  await showChanges(options, moments);
  await goOn(options.signal);
  const reverted = await showRevert(options, moments);
  return recalled && reverted;
}

/** Lets the event loop hear of Ctrl-C, and ends the tour then. */
async function goOn(signal: AbortSignal | undefined): Promise<void> {
  await nextTurn();
  signal?.throwIfAborted();
}

async function showTimeline({ store, id, out }: TourOptions): Promise<void> {
  const { headline, lines } = await timelineLines(store, id, widthOf(out));
  section(out, headline, lines);
}

async function showPast(
  { store, id, sightings, out, signal }: TourOptions,
  { middle }: TourMoments,
): Promise<boolean> {
  const then = await store.read(id, middle);
  if (then === undefined) throw new Error(`${id} did not live at ${momentName(middle)}`);
  section(out, `The state at ${momentName(middle)}`, [
    `version ${count(then.version)}, by ${plain(then.by)} on ${minute(then.at)} UTC`,
    ...stateLines(then.state, linesOfState, widthOf(out) - 2),
  ]);
  if (sightings.length === 0) return true;
  const { asked, wrong } = await proveRecall(store, id, sightings, datesRecalled, signal);
  const verdict =
    wrong.length === 0
      ? "all the same, by SHA-256"
      : `WRONG at ${wrong.length}, first at ${wrong[0]?.toISOString()}`;
  printProof(
    out,
    wrong.length === 0,
    `the states at ${counted(asked, "date")}, and what the source had then: ${verdict}`,
  );
  return wrong.length === 0;
}

async function showChanges(
  { store, id, out }: TourOptions,
  { head, middle, later }: TourMoments,
): Promise<void> {
  if (head.version === 1) return;
  const changes = await store.diff(id, middle, later);
  const of = (kind: string) => changes.filter((change) => change.kind === kind).length;
  section(out, `What changed from ${momentName(middle)} to ${momentName(later)}`, [
    `${count(of("added"))} added, ${count(of("removed"))} removed, ${count(of("changed"))} changed`,
    ...firstLines(
      changes.map((change) => changeLine(change, placeLength)),
      linesOfChanges,
    ),
  ]);
}

async function showRevert({ store, id, out }: TourOptions, { head, middle }: TourMoments): Promise<boolean> {
  const { from, version, patches, revert, back } = await proveRevert(store, id, middle);
  const did =
    version === from
      ? `the state of then is the state of now, so nothing is stored`
      : `stored as version ${count(version)}: ${counted(patches, "patch", "patches")}; versions 1 to ${count(head.version)} stay as they are`;
  section(out, `A revert to ${momentName(middle)}`, [did]);
  const verdict = (proof: typeof revert) =>
    proof.exact
      ? `SHA-256 ${short(proof.found)}, the same`
      : `WRONG: SHA-256 ${short(proof.wanted)} wanted, ${short(proof.found)} found`;
  printProof(out, revert.exact, `read after the revert, and the state of then: ${verdict(revert)}`);
  printProof(out, back.exact, `read after the revert was reverted, and the state before: ${verdict(back)}`);
  return revert.exact && back.exact;
}

function short(digest: string): string {
  return digest.slice(0, 16);
}

function section(out: Output, headline: string, lines: readonly string[]): void {
  out.write(`\n${colours(out).bold(headline)}\n`);
  for (const line of lines) out.write(`  ${line}\n`);
}

function printProof(out: Output, good: boolean, text: string): void {
  out.write(`  ${good ? colours(out).green("✔") : colours(out).red("✘")} ${text}\n`);
}

function widthOf(out: Output): number {
  // a terminal that does not know its size says 0
  return Math.min(Math.max(out.columns || widest, narrowest), widest) - 2;
}
