import { type OptionNames, refuseUnknownOptions } from "../value/known-options.ts";
import type { Path } from "../value/path.ts";
import type { Change, TextRun } from "./change.ts";

/** How changes are written out. */
export interface FormatOptions {
  /** Whether signs and words are coloured, as terminals do (ANSI codes). Default false. */
  readonly color?: boolean;
  /**
   * Names places for the reader, by their paths with elements by their names (`named`); undefined leaves a place as it is.
   *
   * @example
   * const changes = await orders.diff("o-1", { version: 1 }, { version: 2 });
   * formatChanges(changes, { names: (path) => (path.join(".") === "due" ? "Due date" : undefined) });
   */
  readonly names?: (path: Path) => string | undefined;
  /** Writes a value out. Default: as JSON. */
  readonly value?: (value: unknown) => string;
  /** The longest text for one value, in characters; the rest is cut. Default 200. */
  readonly width?: number;
}

/**
 * Changes as text, a line each, for terminals and mails: `+` added, `-` removed, `~` changed, `>` moved. Places are written
 * `lines › A-17 › qty`; long texts show the words that changed as `[-old-]{+new+}`. Control characters are not written.
 * An empty text where there are none. Throws OptionsError for an option that there is not.
 *
 * @example
 * const changes = await orders.diff("o-1", { version: 1 }, { version: 2 });
 * console.log(formatChanges(changes, { color: process.stdout.isTTY }));
 */
export function formatChanges(changes: readonly Change[], options: FormatOptions = {}): string {
  refuseUnknownOptions(options, optionNames, "formatChanges");
  return changes.map((change) => line(change, options)).join("\n");
}

const optionNames: OptionNames<FormatOptions> = { color: true, names: true, value: true, width: true };

function line(change: Change, options: FormatOptions): string {
  const place = placeOf(change.named ?? change.path, options);
  const shown = (value: unknown): string => written(value, options);
  if (change.kind === "added") return painted("green", `+ ${place}: ${shown(change.after)}`, options);
  if (change.kind === "removed") return painted("red", `- ${place}: ${shown(change.before)}`, options);
  if (change.kind === "moved") {
    const [from, to] = [change.from.at(-1), change.path.at(-1)];
    return painted("blue", `> ${place}: from place ${from} to ${to}`, options);
  }
  if (change.text !== undefined) return `~ ${place}: ${wordsOf(change.text, options)}`;
  return `~ ${place}: ${painted("red", shown(change.before), options)} → ${painted("green", shown(change.after), options)}`;
}

/** A place with its steps apart; an index in brackets. */
function placeOf(path: Path, { names }: FormatOptions): string {
  const name = names?.(path);
  if (name !== undefined) return plain(name);
  return formatPath(path);
}

/**
 * A path as text on one line: `lines › A-17 › qty`, an index in brackets; the empty path is "the document".
 *
 * @example
 * for (const { path, named, event } of (await orders.blame("o-1")) ?? []) console.log(formatPath(named ?? path), event.by);
 */
export function formatPath(path: Path): string {
  if (path.length === 0) return "the document";
  return path.map((step) => (typeof step === "number" ? `[${step}]` : plain(step))).join(" › ");
}

const defaultWidth = 200;

function written(value: unknown, { value: write = asJson, width = defaultWidth }: FormatOptions): string {
  return cut(plain(write(value)), width);
}

function asJson(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner)) ??
    "undefined"
  );
}

/** So many characters of words that stayed are shown on each side of a change. */
const around = 24;

function wordsOf(runs: readonly TextRun[], options: FormatOptions): string {
  const parts = runs.map(({ kind, text }, n) => {
    if (kind === "added") return painted("green", `{+${plain(text)}+}`, options);
    if (kind === "removed") return painted("red", `[-${plain(text)}-]`, options);
    const [first, last] = [n === 0, n === runs.length - 1];
    if (text.length <= (first || last ? around : 2 * around)) return plain(text);
    return `${first ? "" : plain(text.slice(0, around))}…${last ? "" : plain(text.slice(-around))}`;
  });
  return cut(parts.join(""), 4 * (options.width ?? defaultWidth));
}

function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join("")}…`;
}

// C0 and C1 controls, which terminals obey, and the marks that turn the direction of text
const controls = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** A text on one line and without characters that a terminal obeys. */
function plain(text: string): string {
  return text.replace(/[\r\n\t]+/g, " ").replace(controls, "\ufffd");
}

const codes = { red: 31, green: 32, blue: 34 } as const;

function painted(colour: keyof typeof codes, text: string, { color }: FormatOptions): string {
  return color === true ? `\u001b[${codes[colour]}m${text}\u001b[39m` : text;
}
