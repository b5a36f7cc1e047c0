import * as fc from "fast-check";
import { nastyIds } from "./nasty-ids.ts";

/**
 * A valid id of a document or user: nasty ones, random texts, and (where asked for) safe integers beside
 * them.
 */
export function anyId(kinds: { readonly numbers?: boolean } = {}): fc.Arbitrary<string | number> {
  const text = fc.string({ unit: "binary", minLength: 1, maxLength: 12 }).filter((id) => !id.includes("\0"));
  const texts = fc.oneof(fc.constantFrom(...nastyIds), text);
  if (kinds.numbers !== true) return texts;
  const number = fc
    .oneof(fc.integer({ min: -3, max: 3 }), fc.maxSafeInteger())
    .map((id) => (id === 0 ? 0 : id));
  return fc.oneof(texts, number, number.map(String));
}
