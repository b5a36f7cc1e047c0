import type { YAMLMap } from "yaml";
import { lossAt, lossOf } from "./lost-number.ts";
import { readJson } from "./read-json.ts";

/** A state. */
export interface ReadState {
  readonly state: Record<string, unknown>;
  /** How many keys of a YAML file were given again in the same mapping; the last one counts. */
  readonly repeatedKeys?: number;
}

/** Why there is no state. */
export interface NoState {
  /** Half a sentence, without a value of the file. */
  readonly why: string;
  /** Set where there is a state, of which something would be lost. */
  readonly holdsState?: true;
}

/** Whether a file is read as YAML, by its name; all others are JSON. */
export function isYaml(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}

/** The state that the bytes of a JSON or YAML file hold, where they are an object; a byte order mark is skipped. */
export async function parseState(bytes: Uint8Array, path: string): Promise<ReadState | NoState> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return { why: "not UTF-8" };
  }
  const read = isYaml(path) ? await fromYaml(text) : fromJson(text);
  if ("why" in read) return read;
  const { value, ...counted } = read;
  if (Array.isArray(value)) return { why: "the root is an array, not an object" };
  if (value === null || typeof value !== "object") {
    return { why: `the root is ${value === null ? "null" : `a ${typeof value}`}, not an object` };
  }
  return { state: value as Record<string, unknown>, ...counted };
}

type Read = { readonly value: unknown; readonly repeatedKeys?: number } | NoState;

function fromJson(text: string): Read {
  const read = readJson(text);
  if ("invalid" in read) return { why: `invalid JSON: ${read.invalid}` };
  return "lost" in read ? wouldLose(read.lost) : read;
}

/** YAML 1.2 as JSON would hold it: its core schema has no dates, and keys become texts. */
async function fromYaml(text: string): Promise<Read> {
  // only who has such files waits for it
  const yaml = await import("yaml");
  try {
    return readYaml(yaml, text);
  } catch (error) {
    // the lines that follow quote the text
    const [reason = ""] = (error as Error).message.split("\n");
    return { why: `invalid YAML: ${reason.replace(/:$/, "")}` };
  }
}

function readYaml({ isScalar, parseDocument, visit }: typeof import("yaml"), text: string): Read {
  const document = parseDocument(text, {
    schema: "core",
    merge: true,
    logLevel: "error",
    // the tools that read these files take the last one
    uniqueKeys: false,
  });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  let lost: NoState | undefined;
  let repeatedKeys = 0;
  visit(document, {
    Scalar: (_key, { value, source, range }) => {
      const loss = typeof value === "number" && source !== undefined ? lossOf(source) : undefined;
      if (loss !== undefined) lost ??= wouldLose(lossAt(loss, text, range?.[0] ?? 0));
    },
    Map: (_key, map) => {
      repeatedKeys += repeatedIn(map, isScalar);
    },
  });
  if (lost !== undefined) return lost;
  const value: unknown = document.toJS();
  return repeatedKeys > 0 ? { value, repeatedKeys } : { value };
}

/** How many keys of a mapping are given again. Keys that are no plain values, and `<<`, are not looked at. */
function repeatedIn(map: YAMLMap, isScalar: typeof import("yaml").isScalar): number {
  const keys = map.items.flatMap(({ key }) => {
    if (!isScalar(key) || typeof key.value === "symbol") return [];
    return key.value === null ? "" : String(key.value);
  });
  return keys.length - new Set(keys).size;
}

function wouldLose(found: string): NoState {
  return { why: `it has ${found}`, holdsState: true };
}
