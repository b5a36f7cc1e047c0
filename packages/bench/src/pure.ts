import { deepEqual } from "node:assert/strict";
import { type ValueTypes, valueTypes } from "@everdraft/core/adapter";
import { applyPatches, diffStates, normaliseState } from "@everdraft/core/internals";
import fastJsonPatch from "fast-json-patch";
import { enablePatches, applyPatches as immerApply } from "immer";
import { create as differ } from "jsondiffpatch";
import type { Aim } from "./figures.ts";
import { interleave } from "./harness.ts";
import { longestHistory, realLines, revisionsOf } from "./real-histories.ts";
import { printHeading, printRatio } from "./report.ts";

const types: ValueTypes = valueTypes([]);
const sampled = 200;
type State = Readonly<Record<string, unknown>>;

/** The pure parts on real histories, without a storage. */
export async function comparePure(): Promise<void> {
  await compareDiffs();
  await compareReplays();
}

/** Two states of a document that follow each other, as they come from JSON, and the first one as the store knows it. */
interface Pair {
  readonly before: State;
  readonly after: State;
  readonly known: State;
}

async function compareDiffs(): Promise<void> {
  const pairs = samplePairs(await realLines());
  printHeading(`Difference of two real states that follow each other, passes over ${pairs.length} pairs`);
  const byContent = differ({ objectHash: contentOf });
  const checked = pairs.map(({ after }) => normaliseState(after, "checked", types));
  for (const { before, known, after } of pairs) {
    deepEqual(applyPatches(known, diffStates(known, after, types, "content"), new Set()), after);
    deepEqual(known, before);
  }
  const pass = (diff: (pair: Pair, i: number) => unknown) => () => {
    for (const [i, pair] of pairs.entries()) diff(pair, i);
  };
  const timings = await interleave({
    replace: pass(({ known, after }) =>
      diffStates(known, normaliseState(after, "checked", types), types, "content"),
    ),
    diff: pass(({ known }, i) => diffStates(known, checked[i], types, "content")),
    compare: pass(({ before, after }) => fastJsonPatch.compare(before, after)),
    jsondiffpatch: pass(({ before, after }) => byContent.diff(before, after)),
  });
  const aim: Aim = { at: "most", value: 2 };
  const { replace, diff, compare, jsondiffpatch } = timings;
  printRatio("check and difference, against fast-json-patch compare", replace, compare, { aim });
  printRatio("difference alone, against fast-json-patch compare", diff, compare, { aim });
  printRatio("check and difference, against jsondiffpatch", replace, jsondiffpatch, { aim });
  printRatio("difference alone, against jsondiffpatch", diff, jsondiffpatch, { aim });
}

/** Matches elements of arrays as a user of jsondiffpatch has it do. */
function contentOf(element: object): string {
  return JSON.stringify("id" in element ? element.id : element);
}

function samplePairs(lines: readonly string[]): readonly Pair[] {
  const pairs: Pair[] = [];
  const every = Math.ceil(lines.length / sampled);
  for (let i = every - 1; i < lines.length; i += every) {
    const [first, second] = [...revisionsOf(lines.slice(i - 1, i + 1))];
    if (first?.id !== second?.id || !first?.state || !second?.state) continue;
    const known = normaliseState(first.state, "known", types);
    pairs.push({ before: first.state, after: second.state, known });
  }
  return pairs;
}

async function compareReplays(): Promise<void> {
  enablePatches();
  const { id, revisions } = await longestHistory();
  const states = revisions.map(({ state }) => normaliseState(state, id, types));
  const candidates = replays(states);
  for (const replay of Object.values(candidates)) deepEqual(replay(), states.at(-1));
  printHeading(`Replay of the patches of ${states.length} real revisions: how many times faster ours is`);
  const { ours, immer, parsed } = await interleave(candidates);
  printRatio("apply patches, Immer against ours", immer, ours, { aim: { at: "least", value: 10 } });
  printRatio("apply patches, fast-json-patch with JSON.parse against ours", parsed, ours);
}

/** Replays of the patches between states. */
function replays(states: readonly State[]): Record<"ours" | "immer" | "parsed", () => unknown> {
  const patches = states.map((state, i) => diffStates(states[i - 1] ?? {}, state, types, "content"));
  const forImmer = patches.map((list) => list.map((patch) => ({ ...patch, path: [...patch.path] })));
  const stored = states.map((state, i) =>
    JSON.stringify(fastJsonPatch.compare(states[i - 1] ?? {}, { ...state })),
  );
  return {
    ours: () => {
      const owned = new Set<object>();
      return patches.reduce<unknown>((state, list) => applyPatches(state, list, owned), {});
    },
    immer: () => forImmer.reduce<object>((state, list) => immerApply(state, list), {}),
    // parsed each time: later patches change the values that earlier ones brought
    parsed: () =>
      stored.reduce<unknown>(
        (state, text) => fastJsonPatch.applyPatch(state, JSON.parse(text)).newDocument,
        {},
      ),
  };
}
