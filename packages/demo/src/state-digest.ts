import { createHash } from "node:crypto";

/** A state's SHA-256 in hex, whatever the order of its keys; of no state, "none". Made without the library, to check it. */
export function stateDigest(state: object | null | undefined): string {
  if (state === null || state === undefined) return "none";
  return createHash("sha256").update(JSON.stringify(state, sortKeys)).digest("hex");
}

function sortKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  // from entries, so that a key like __proto__ stays one
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
