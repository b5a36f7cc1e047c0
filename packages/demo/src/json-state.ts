/** A state, or why there is none. */
export type ParsedState = { readonly state: Record<string, unknown> } | { readonly why: string };

/** What the bytes of a JSON file say, where they are an object; a byte order mark is skipped. */
export function parseState(bytes: Uint8Array): ParsedState {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return { why: "not UTF-8" };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { why: `invalid JSON: ${(error as Error).message}` };
  }
  if (Array.isArray(value)) return { why: "the root is an array, not an object" };
  if (value === null || typeof value !== "object") {
    return { why: `the root is ${value === null ? "null" : `a ${typeof value}`}, not an object` };
  }
  return { state: value as Record<string, unknown> };
}
