import { parse as parseYaml } from "yaml";

/** A state, or why there is none. */
export type ParsedState = { readonly state: Record<string, unknown> } | { readonly why: string };

/** Whether a file is read as YAML, by its name; all others are JSON. */
export function isYaml(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}

/** What the bytes of a JSON or YAML file say, where they are an object; a byte order mark is skipped. */
export function parseState(bytes: Uint8Array, path: string): ParsedState {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return { why: "not UTF-8" };
  }
  let value: unknown;
  try {
    value = isYaml(path) ? fromYaml(text) : JSON.parse(text);
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    return { why: `invalid ${isYaml(path) ? "YAML" : "JSON"}: ${reason?.replace(/:$/, "")}` };
  }
  if (Array.isArray(value)) return { why: "the root is an array, not an object" };
  if (value === null || typeof value !== "object") {
    return { why: `the root is ${value === null ? "null" : `a ${typeof value}`}, not an object` };
  }
  return { state: value as Record<string, unknown> };
}

/** YAML 1.2 as JSON would hold it: its core schema has no dates, and keys become texts. */
function fromYaml(text: string): unknown {
  return parseYaml(text, { schema: "core", merge: true, logLevel: "error" });
}
