import { inspect, type RebuildResult, rebuild as rebuildStore } from "@everdraft/core/upkeep";
import { exitCodes } from "../../failure.ts";
import type { Session } from "../../session.ts";
import { type OpenStore, withStore } from "../../store/open-store.ts";
import { agreed } from "../../terminal/plan.ts";
import { counted } from "../../text/text.ts";
import { argument, type CommandSpec, text } from "../command.ts";
import { ranges } from "../options.ts";
import { goesOnText, resultText, runWork } from "./long-work.ts";
import { checkProjection } from "./projections.ts";

/** Makes views and rows anew from the log. */
export const rebuild: CommandSpec = {
  usage: "rebuild [name]",
  does: "Rebuild the views, or the rows of a projection, from the log; writers go on meanwhile. The name is view or that of a projection; without one it is all of them",
  options: [
    ["--concurrency <n>", "how many ranges of documents at once (default: 4)"],
    ["--range-size <n>", "how many documents a range has (default: 100)"],
    ["--checkpoint <name>", "save its progress under this name; a run with the same name shares the work"],
    ["--dry-run", "only show the plan"],
  ],
  examples: [
    ["everdraft rebuild lines", "the rows of the projection lines; start it twice, and both share the work"],
    ["everdraft rebuild view --yes", "the views, in place; run again after a break, it goes on"],
  ],
  run: async (session, args, options) =>
    withStore(session, async (open) => {
      const name = argument(args, 0);
      if (name !== "") await checkProjection(session, open, name, ["view"]);
      const checkpoint = text(options, "checkpoint");
      const how = { ...ranges(options), ...(checkpoint !== undefined && { checkpoint }) };
      const projections = open.target.options.projections ?? [];
      const names = name === "" ? ["view", ...projections.map((projection) => projection.name)] : [name];
      const go = await agreed(session, {
        what: `Rebuild ${names.map((each) => (each === "view" ? "the views" : `the rows of ${each}`)).join(", ")}`,
        where: `${open.target.options.collection} in ${open.target.where}`,
        ...(await planOf(session, open, names, checkpoint ?? "")),
      });
      if (!go) return exitCodes.done;
      let failures = 0;
      for (const each of names) failures += (await run(session, open, each, how)).failures;
      return failures > 0 ? exitCodes.failed : exitCodes.done;
    }),
};

async function planOf(session: Session, open: OpenStore, names: readonly string[], checkpoint: string) {
  const { documents, unfinished, projections } = await inspect(open.store, session.call);
  const goesOn = names.flatMap((name) => {
    const version = projections.find((projection) => projection.name === name)?.version;
    const record = `rebuild:${name}${version === undefined ? "" : `.v${version}`}:${checkpoint}`;
    const begun = unfinished.find((work) => work.name === record);
    return begun === undefined ? [] : `${name} ${goesOnText(session, begun)}`;
  });
  return {
    lines: [
      `about ${counted(documents, "document")}; no event is written, and correct views and rows stay as they are`,
      ...goesOn,
    ],
    facts: { rebuild: names, documents },
  };
}

async function run(
  session: Session,
  open: OpenStore,
  name: string,
  how: ReturnType<typeof ranges> & { readonly checkpoint?: string },
): Promise<RebuildResult> {
  const result = await runWork(session, (listeners) =>
    rebuildStore(open.store, { projection: name, ...session.call, ...how, ...listeners }),
  );
  await tell(session, name, result);
  return result;
}

async function tell(session: Session, name: string, result: RebuildResult): Promise<void> {
  if (session.flags.json === true) {
    await session.line(JSON.stringify({ rebuilt: name, ...result }));
    return;
  }
  await session.line(`${name === "view" ? "The views" : `The rows of ${name}`}: ${resultText(result)}`);
}
