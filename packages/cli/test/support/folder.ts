import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { run } from "./run.ts";

/** A folder that ends with the test, with files in it. */
export function newFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "everdraft-cli-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

/** A revision of o-1 or another order, as a line of JSON. */
const line = (id: string, at: string, by: string, state: unknown, reason?: string): string =>
  `${JSON.stringify({ id, at, by, state, ...(reason !== undefined && { reason }) })}\n`;

/** A small history with fixed times: o-1 has four versions, o-2 one, o-3 is deleted. */
export const ordersNdjson: string = [
  line("o-1", "2025-03-01T09:00:00.000Z", "alice", { customer: "c-7", status: "open", lines: [] }),
  line(
    ...(["o-1", "2025-03-01T09:05:00.000Z", "bob"] as const),
    {
      customer: "c-7",
      status: "open",
      lines: [{ sku: "A", qty: 2 }],
      due: { $date: "2025-04-01T00:00:00.000Z" },
    },
    "phone order",
  ),
  line("o-1", "2025-03-02T10:00:00.000Z", "bob", {
    customer: "c-7",
    status: "open",
    lines: [
      { sku: "A", qty: 3 },
      { sku: "B", qty: 1 },
    ],
    due: { $date: "2025-04-01T00:00:00.000Z" },
  }),
  line("o-1", "2025-03-03T11:30:00.000Z", "carol", {
    customer: "c-7",
    status: "paid",
    lines: [
      { sku: "A", qty: 3 },
      { sku: "B", qty: 1 },
    ],
  }),
  line("o-2", "2025-03-02T08:00:00.000Z", "alice", {
    customer: "c-9",
    status: "open",
    lines: [{ sku: "B", qty: 4 }],
  }),
  line("o-3", "2025-03-02T08:30:00.000Z", "alice", { customer: "c-9", status: "open", lines: [] }),
  line("o-3", "2025-03-02T08:45:00.000Z", "alice", null, "twice"),
].join("");

/** The options that name a store of orders in SQLite on the command line. */
export const orders = ["--uri", "sqlite:orders.db", "--collection", "orders"];

/** A folder with those orders in a SQLite file. */
export async function filledFolder(): Promise<string> {
  const cwd = newFolder({ "orders.ndjson": ordersNdjson });
  const { code, err } = await run(["import", ...orders, "--jsonl", "orders.ndjson", "--yes"], { cwd });
  if (code !== 0) throw new Error(err);
  return cwd;
}
