import type { PlainObject } from "@everdraft/core/adapter";
import { normalise } from "@everdraft/core/internals";
import * as fc from "fast-check";
import { expect } from "vitest";
import { eventOf } from "../build/event-of.ts";
import { viewAfter } from "../build/view-of.ts";
import { anyState } from "../generators/any-value.ts";
import { isTopLevelKey, nastyKeys } from "../generators/nasty-keys.ts";
import { nastyValues, treacherousValues } from "../generators/nasty-values.ts";
import { seeded } from "../seeded.ts";
import { type Bench, call, type PortSection } from "./bench.ts";
import { type Check, section } from "./section.ts";
import { expectRoundTrip } from "./trip.ts";

const kinds = nastyValues.map(([label, value]): [string, Check<Bench>["prove"]] => [
  `gives ${label} back exactly, from events, views and snapshots`,
  (bench) => expectRoundTrip(bench, { value }),
]);

const treacherous = treacherousValues.map(([label, value]): [string, Check<Bench>["prove"]] => [
  `gives ${label} back exactly, or refuses it`,
  (bench) => expectRoundTripOrRefusal(bench, { value }),
]);

/** Which values come back, and how exactly. */
export const values: PortSection = section("values", {
  ...Object.fromEntries(kinds),

  "gives an object with every nasty key back exactly": (bench) => {
    return expectRoundTrip(bench, { inner: Object.fromEntries(nastyKeys.map((key, i) => [key, i])) });
  },

  "gives a state with every nasty key at its top back exactly": (bench) => {
    return expectRoundTrip(
      bench,
      Object.fromEntries(nastyKeys.filter(isTopLevelKey).map((key, i) => [key, { i }])),
    );
  },

  "gives nasty keys inside one another and inside arrays back exactly": (bench) => {
    const short = nastyKeys.filter((key) => key.length < 100);
    const chained = short.slice(0, 60).reduce<unknown>((inner, key) => ({ [key]: inner }), "the innermost");
    return expectRoundTrip(bench, { chained, list: short.map((key) => ({ [key]: [{ [key]: key }] })) });
  },

  ...Object.fromEntries(treacherous),

  "gives random states back exactly": async (bench) => {
    let doc = 0;
    const property = fc.asyncProperty(anyState(), (state) => expectRoundTrip(bench, state, `doc-${doc++}`));
    await fc.assert(property, seeded(25));
  },

  "gives values of the declared types back exactly": async (bench) => {
    const samples = bench.fixture.samples?.values ?? [];
    for (const { name, is } of bench.storage.capabilities.valueTypes) {
      const hint = `the fixture gives two values of the declared type ${name} in samples.values`;
      expect(samples.filter((sample) => is(sample)).length, hint).toBeGreaterThanOrEqual(2);
    }
    await expectRoundTrip(bench, { samples, inside: samples.map((sample) => ({ sample })) });
  },

  "leaves values of undeclared types to the library, which refuses them": async (bench) => {
    const strangers = [new Map(), new Set(), /x/, new URL("https://example.org"), 1n, Symbol("s"), () => 1];
    for (const value of strangers) {
      expect(() => normalise({ value }, bench.types)).toThrow(expect.objectContaining({ code: "value" }));
    }
    await expectRoundTrip(bench, { value: "none of them" });
  },
});

/**
 * As `expectRoundTrip`, for a value that the storage may also refuse, saying so by its outcome and storing
 * nothing.
 */
async function expectRoundTripOrRefusal(bench: Bench, state: PlainObject): Promise<void> {
  const event = eventOf({ doc: "probe", patches: [{ op: "replace", path: [], value: state }] }, bench.types);
  const append = { event, view: viewAfter(event, state, bench.types) };
  const [outcome] = await bench.log.commit([append], "independent", call);
  if (outcome?.event !== "refused") return expectRoundTrip(bench, state);
  expect(outcome.error).toHaveProperty("code");
  expect(await bench.log.head("probe", 0, call)).toBeUndefined();
}
