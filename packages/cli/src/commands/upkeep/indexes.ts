import { dropIndex, listIndexes, type StoredIndex } from "@everdraft/core/upkeep";
import { exitCodes, UsageError } from "../../failure.ts";
import type { Session } from "../../session.ts";
import { type OpenStore, withStore } from "../../store/open-store.ts";
import { agreed } from "../../terminal/plan.ts";
import { type Cell, listed, plain, table } from "../../text/text.ts";
import { argument, type CommandSpec } from "../command.ts";

/** Shows the indexes over documents, rows and events, and takes one away. */
export const indexes: CommandSpec = {
  usage: "indexes <list|drop> [name]",
  does: "List the indexes over the documents, rows and events of a store, or drop one",
  options: [["--dry-run", "with drop: only show the plan"]],
  examples: [
    ["everdraft indexes list", "names, fields, and whether they are in use or being built"],
    ["everdraft indexes drop status_1 --yes", "takes one away; finds that used it read all documents again"],
  ],
  notes: `Indexes are named in the config, beside the collection:
  indexes: [{ keys: { status: 1, "lines.sku": 1 } }],
One that is dropped while a config or a program names it comes again when that is opened the next time.`,
  run: async (session, args) =>
    withStore(session, async (open) => {
      const [action, name] = [argument(args, 0), argument(args, 1)];
      if (action === "list") return list(session, open);
      if (action !== "drop") throw new UsageError(`Say list or drop, not ${JSON.stringify(action)}.`);
      return drop(session, open, name);
    }),
};

async function list(session: Session, { store, target }: OpenStore): Promise<number> {
  const found = await listIndexes(store, { timeoutMs: session.call.timeoutMs });
  if (session.flags.json === true) {
    for (const index of found) await session.line(JSON.stringify(index));
    return exitCodes.done;
  }
  if (found.length === 0) session.note(`The store ${target.name} has no indexes.`);
  const { bold, yellow } = session.colours;
  const rows = found.map((index): Cell[] => [
    { text: plain(index.name), paint: bold },
    over(index),
    plain(fieldsOf(index)),
    index.complete ? "in use" : { text: "being built", paint: yellow },
  ]);
  for (const line of table(rows)) await session.line(line);
  return exitCodes.done;
}

function over({ rows, log }: StoredIndex): string {
  if (log === true) return "events";
  return rows === undefined ? "documents" : `rows of ${plain(rows)}`;
}

function fieldsOf({ keys }: StoredIndex): string {
  return Object.entries(keys)
    .map(([field, way]) => (way === 1 ? field : `${field} descending`))
    .join(", ");
}

async function drop(session: Session, { store, target }: OpenStore, name: string): Promise<number> {
  if (name === "") throw new UsageError("Name the index that is to be dropped.");
  const call = { timeoutMs: session.call.timeoutMs };
  const known = (await listIndexes(store, call)).map((index) => index.name);
  if (!known.includes(name)) {
    const there = known.length === 0 ? "it has none" : `there are ${listed(known)}`;
    throw new UsageError(`The store ${target.name} has no index ${JSON.stringify(name)}; ${there}.`);
  }
  const go = await agreed(session, {
    what: `Drop the index ${name}`,
    where: `${target.options.collection} in ${target.where}`,
    lines: ["no document is changed; finds that used it read all documents again"],
    facts: { index: name },
  });
  if (!go) return exitCodes.done;
  const dropped = await dropIndex(store, name, call);
  await session.line(
    session.flags.json === true ? JSON.stringify({ dropped }) : `Dropped the index ${name}.`,
  );
  return exitCodes.done;
}
