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
    const lost = lostInteger(text, path);
    if (lost !== undefined) return { why: `it has the integer ${lost}, which no number can hold` };
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

/** An integer of the text that as a number would be another one, if there is any. */
function lostInteger(text: string, path: string): bigint | undefined {
  // most long runs of digits in JSON are within texts, and need no second parser
  const bare = isYaml(path) ? text : text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  if (!/\d{16}/.test(bare)) return undefined;
  // a JSON text is a YAML text too; what is wrong with it its own parser tells
  const options = { schema: isYaml(path) ? "core" : "json", uniqueKeys: false, logLevel: "error" } as const;
  let found: bigint | undefined;
  const look = (value: unknown): void => {
    if (typeof value === "bigint" && `${Number(value)}` !== `${value}` && BigInt(Number(value)) !== value)
      found ??= value;
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(look);
  };
  try {
    look(parseYaml(text, { ...options, intAsBigInt: true }));
  } catch {
    return undefined;
  }
  return found;
}

/** YAML 1.2 as JSON would hold it: its core schema has no dates, and keys become texts. */
function fromYaml(text: string): unknown {
  return parseYaml(text, { schema: "core", merge: true, logLevel: "error" });
}
