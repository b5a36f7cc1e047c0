import { dropOldRows, type Inspection, inspect, type ProjectionStatus } from "@everdraft/core/upkeep";
import { idText } from "../../documents/document-id.ts";
import { exitCodes, UsageError } from "../../failure.ts";
import type { Session } from "../../session.ts";
import { type OpenStore, withStore } from "../../store/open-store.ts";
import { agreed } from "../../terminal/plan.ts";
import { type Cell, count, listed, plain, table } from "../../text/text.ts";
import { argument, type CommandSpec } from "../command.ts";

/** Shows the projections, and takes old rows away. */
export const projections: CommandSpec = {
  usage: "projections <list|drop> [name]",
  does: "List the projections of a store with their rows and failures, or drop the rows of versions out of use",
  options: [["--dry-run", "with drop: only show the plan"]],
  examples: [
    ["everdraft projections list", "versions, rows, and the documents on which they fail"],
    ["everdraft projections drop lines --yes", "takes the rows of older versions of lines away"],
  ],
  notes: `A projection is a pure function from a document to rows, named in the config beside the collection:
  projections: [
    {
      name: "lines",
      version: 1,
      rows: (state, { id }) => state.lines.map(({ sku, qty }) => ({ order: id, sku, qty })),
    },
  ],
Change it, count the version up, and give: everdraft rebuild lines`,
  run: async (session, args) =>
    withStore(session, async (open) => {
      const [what, name] = [argument(args, 0), argument(args, 1)];
      if (what === "list") return list(session, open);
      if (what !== "drop") throw new UsageError(`Say list or drop, not ${JSON.stringify(what)}.`);
      return drop(session, open, name);
    }),
};

/** Throws UsageError unless the store has this projection. */
export async function checkProjection(
  session: Session,
  { store, target }: OpenStore,
  name: string,
  others: readonly string[] = [],
): Promise<void> {
  const known = [...others, ...(target.options.projections ?? []).map((projection) => projection.name)];
  if (known.includes(name)) return;
  const { otherProjections } = await inspect(store, session.call);
  const there = known.length === 0 ? "it has none; a config names them" : `there are ${listed(known)}`;
  throw new UsageError(
    `The store ${target.name} has no projection ${JSON.stringify(name)}; ${otherProjections.includes(name) ? "there are rows of it: name it in a config" : there}.`,
  );
}

/** That the rows of projections that the store does not have were not looked at, in a sentence; undefined where there are none. */
export function notLookedAt({ otherProjections }: Pick<Inspection, "otherProjections">): string | undefined {
  if (otherProjections.length === 0) return undefined;
  return `Rows of ${otherProjections.map(plain).join(", ")} were not looked at: this store has no such projection; name it in a config.`;
}

/** How a projection stands, in words. */
export function stateOf({ version, active, rows }: ProjectionStatus): string {
  if (active === version) return `${count(rows)} ${rows === 1 ? "row" : "rows"}`;
  if (active === 0) return "not built yet: everdraft rebuild";
  if (active > version) return `version ${active} is in use; this config's is older`;
  return `being built; version ${active} is read until then`;
}

async function list(session: Session, open: OpenStore): Promise<number> {
  const inspection = await inspect(open.store, session.call);
  if (session.flags.json === true) {
    for (const projection of inspection.projections) {
      const failures = inspection.failures.filter((failure) => failure.projection === projection.name);
      await session.line(open.codec.record({ ...projection, failures }));
    }
    for (const name of inspection.otherProjections)
      await session.line(JSON.stringify({ name, known: false }));
    return exitCodes.done;
  }
  for (const name of inspection.otherProjections)
    await session.line(
      `There are rows of ${plain(name)}, but this store has no such projection: name it in a config.`,
    );
  if (inspection.projections.length + inspection.otherProjections.length === 0)
    session.note(`The store ${open.target.name} has no projections.`);
  const { bold, yellow } = session.colours;
  const rows = inspection.projections.map((projection): Cell[] => {
    const state = stateOf(projection);
    return [
      { text: projection.name, paint: bold },
      `v${projection.version}`,
      projection.active === projection.version ? state : { text: state, paint: yellow },
    ];
  });
  for (const line of table(rows)) await session.line(line);
  for (const { projection, doc, version, reason } of inspection.failures)
    await session.line(yellow(`${projection} fails on ${plain(idText(doc))} v${version}: ${plain(reason)}`));
  return exitCodes.done;
}

async function drop(session: Session, open: OpenStore, name: string): Promise<number> {
  if (name === "") throw new UsageError("Name the projection whose old rows are to be dropped.");
  await checkProjection(session, open, name);
  const { projections } = await inspect(open.store, session.call);
  const projection = projections.find((each) => each.name === name);
  const { active = 0, oldest = 0 } = projection ?? {};
  const old = Array.from(
    { length: Math.max(0, active - Math.max(1, oldest)) },
    (_, i) => Math.max(1, oldest) + i,
  );
  if (old.length === 0) {
    await session.line(`${name}: there are no rows of older versions.`);
    return exitCodes.done;
  }
  const go = await agreed(session, {
    what: `Drop the rows of ${name} of version ${old.join(", ")}`,
    where: `${open.target.options.collection} in ${open.target.where}`,
    lines: [`version ${active} stays in use; processes that still have an older one lose their rows`],
    facts: { projection: name, versions: old },
  });
  if (!go) return exitCodes.done;
  const dropped = await dropOldRows(open.store, name, { timeoutMs: session.call.timeoutMs });
  await session.line(
    session.flags.json === true
      ? JSON.stringify({ dropped })
      : `Dropped the rows of version ${dropped.join(", ")}.`,
  );
  return exitCodes.done;
}
