import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cell, RunCell } from "./cell.ts";
import type { Counts } from "./check/count.ts";
import { promises } from "./check/finding.ts";

/** A cell as the page keeps it. */
interface Row {
  readonly storage: Cell["storage"];
  readonly fault: string;
  readonly retryWrites: boolean;
  readonly seed: number;
  readonly what: string;
  readonly green: boolean;
  readonly why: string;
  readonly counts: Counts;
}

const docs = join(import.meta.dirname, "..", "..", "..", "docs");
const kept = join(docs, "reliability.json");

/** Puts a cell in the place of its last run, and writes the page anew. */
export function saveRow(
  { storage, fault, retryWrites, seed }: Cell,
  { what, green, why, counts }: RunCell,
): void {
  const row: Row = { storage, fault: fault.name, retryWrites, seed, what, green, why, counts };
  const before: readonly Row[] = existsSync(kept) ? JSON.parse(readFileSync(kept, "utf8")) : [];
  const rows = [...before.filter((saved) => nameOf(saved) !== nameOf(row)), row].sort((a, b) =>
    nameOf(a) < nameOf(b) ? -1 : 1,
  );
  writeFileSync(kept, `${JSON.stringify(rows, undefined, 2)}\n`);
  writeFileSync(join(docs, "reliability.md"), page(rows));
}

function nameOf({ storage, fault, retryWrites }: Row): string {
  return `${storage} ${fault} ${retryWrites}`;
}

/** Commands that repeat a row. */
function commandOf({ storage, fault, retryWrites, seed, counts }: Row): string {
  const retry = storage === "mongodb" ? ` --retry-writes ${retryWrites ? "on" : "off"}` : "";
  return `pnpm soak --storage ${storage} --fault ${fault}${retry} --seed ${seed} --acts ${Math.max(100, Math.floor(counts.tried / 100) * 100)}`;
}

function page(rows: readonly Row[]): string {
  const sections = (["sqlite", "mongodb"] as const).map((storage) =>
    section(
      storage,
      rows.filter((row) => row.storage === storage),
    ),
  );
  return `# Reliability

Written by \`pnpm soak --report\`; not by hand. Several processes write the same documents (create, edit, replace, revert,
delete, restore, import; a quarter of them with an idempotency key) while a fault strikes, and write down the answers.
A checker then reads their histories and the whole store, and decides these promises for every act and document:

${Object.entries(promises)
  .map(([number, text]) => `- **${number}** ${text}`)
  .join("\n")}

The checker is itself proven: packages/faults/test/planted-bugs.test.ts plants bugs, each of which it must find. Lost,
doubled and phantom are breaks of P3, P6 and P4; wrong is any other. A row is red (named below its table) where a promise was not
kept or the fault never struck an act in flight. An act may end *indeterminate*: its caller was told that the outcome is not
known, and \`resolve\` or its key answered later. Faults struck; in flight: those that met an act; under fault: the acts that were
in flight then, and how many of those were acknowledged.

${sections.join("\n")}`;
}

/** Remarks on a fault beside its figures. */
const notes: Readonly<Record<string, string>> = {
  "mongodb index-dropped":
    " While the index is gone nothing guards: writing stops at the next check, and verify names each double.",
};

function section(storage: string, rows: readonly Row[]): string {
  const total = (of: (counts: Counts) => number): number =>
    rows.reduce((sum, { counts }) => sum + of(counts), 0);
  const cellsOf = ({ fault, retryWrites, counts, green }: Row): string => {
    const { tried, acknowledged, failed, clockRefusals, indeterminate, lost, doubled, phantom, wrong } =
      counts;
    const { strikes, strikesInFlight, underFault, acknowledgedUnderFault } = counts;
    const figures = [
      tried,
      acknowledged,
      failed,
      clockRefusals,
      indeterminate,
      lost,
      doubled,
      phantom,
      wrong,
      strikes,
      strikesInFlight,
      underFault,
      acknowledgedUnderFault,
    ];
    return `| ${green ? "" : "**red** "}${fault} |${storage === "mongodb" ? ` ${retryWrites ? "on" : "off"} |` : ""} ${figures.join(" | ")} |`;
  };
  const retry = storage === "mongodb" ? " retryWrites |" : "";
  const red = rows.filter(({ green }) => !green);
  return `## ${storage === "mongodb" ? "MongoDB" : "SQLite"}

Proven on: ${[...new Set(rows.map(({ what }) => what))].join("; ") || "nothing yet"}. In all ${total(({ tried }) => tried)} acts, ${total(({ acknowledged }) => acknowledged)} acknowledged, ${total(({ lost }) => lost)} lost, ${total(({ doubled }) => doubled)} doubled, ${total(({ phantom }) => phantom)} phantom.

| fault |${retry} acts | acknowledged | failed | of those for clocks | indeterminate | lost | doubled | phantom | wrong | struck | in flight | under fault | of those acknowledged |
| --- |${storage === "mongodb" ? " --- |" : ""}${" --- |".repeat(13)}
${rows.map(cellsOf).join("\n")}

${red.map((row) => `- Red: ${row.fault}${storage === "mongodb" ? `, retryWrites ${row.retryWrites ? "on" : "off"}` : ""}: ${row.why}.${notes[`${row.storage} ${row.fault}`] ?? ""}`).join("\n")}

Each row again:

${rows.map((row) => `    ${commandOf(row)}`).join("\n")}
`;
}
