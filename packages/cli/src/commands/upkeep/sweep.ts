import { exitCodes } from "../../failure.ts";
import { withStore } from "../../store/open-store.ts";
import { agreed } from "../../terminal/plan.ts";
import { counted } from "../../text/text.ts";
import type { CommandSpec } from "../command.ts";

/** Brings views forward that are behind. */
export const sweep: CommandSpec = {
  usage: "sweep",
  does: "Bring forward the views of recently changed documents that are behind their log: the quick verify",
  options: [["--dry-run", "only show the plan"]],
  examples: [["everdraft sweep --yes", "after a crash, or from a timer"]],
  run: async (session) =>
    withStore(session, async ({ store, target }) => {
      const go = await agreed(session, {
        what: "Sweep: look at the documents changed since the last sweep, and write the views that are behind",
        where: `${target.options.collection} in ${target.where}`,
        lines: ["no event is written; views only move forward"],
      });
      if (!go) return exitCodes.done;
      const { checked, broughtForward } = await store.sweep(session.call);
      if (session.flags.json === true) await session.line(JSON.stringify({ checked, broughtForward }));
      else
        await session.line(
          `Looked at ${counted(checked, "document")}; ${counted(broughtForward, "view was", "views were")} behind.`,
        );
      return exitCodes.done;
    }),
};
