import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gatherFacts } from "../../facts.ts";
import { exitCodes, UsageError } from "../../failure.ts";
import type { Session } from "../../session.ts";
import { configName, findConfig } from "../../store/load-config.ts";
import { withTarget } from "../../store/open-store.ts";
import { findTargets, type Target, uriVariable } from "../../store/targets.ts";
import { agreed } from "../../terminal/plan.ts";
import { counted } from "../../text/text.ts";
import type { CommandSpec } from "../command.ts";
import { abilitiesOf } from "./status.ts";

/** Begins: a config, and the tables and indexes of its stores. */
export const init: CommandSpec = {
  usage: "init",
  does: "Write a config where there is none, make the tables and indexes of its stores, and check them",
  options: [["--dry-run", "only show the plan"]],
  examples: [
    ["everdraft init --uri sqlite:orders.db --collection orders", "a store in a file"],
    [
      `${uriVariable}=mongodb://… everdraft init --collection orders`,
      "one in MongoDB, with its password kept out of files",
    ],
    ["everdraft init", "checks the stores of the config that is there"],
  ],
  run: async (session) => {
    const { cwd } = session.terminal;
    const existing = findConfig(cwd);
    const targets = await findTargets(existing === undefined ? withDefaults(session) : session);
    try {
      const [target] = targets.all;
      const writes = existing === undefined && target !== undefined;
      const go = await agreed(session, {
        what: writes
          ? `Write ${configName} and make missing tables and indexes`
          : "Make missing tables and indexes",
        where: targets.all.map(({ options, where }) => `${options.collection} in ${where}`).join("; "),
        lines: ["collections or tables, and their indexes; existing ones stay as they are"],
      });
      if (!go) return exitCodes.done;
      for (const each of targets.all) await prepare(session, each);
      if (writes) {
        await writeFile(join(cwd, configName), configText(session, target), { flag: "wx" });
        await session.line(
          session.flags.json === true ? JSON.stringify({ wrote: configName }) : `Wrote ${configName}.`,
        );
      }
      return exitCodes.done;
    } finally {
      await targets.close();
    }
  },
};

/** Without any word on where, a file in this folder is a good beginning. */
function withDefaults(session: Session): Session {
  const { flags, terminal } = session;
  if (flags.config !== undefined)
    throw new UsageError(
      `The config ${JSON.stringify(flags.config)} does not exist; init without --config writes ${configName}.`,
    );
  const uri = flags.uri ?? (terminal.env[uriVariable] ? undefined : "sqlite:everdraft.db");
  return {
    ...session,
    flags: { ...flags, ...(uri !== undefined && { uri }), collection: flags.collection ?? "documents" },
  };
}

async function prepare(session: Session, target: Target): Promise<void> {
  const facts = await withTarget(
    session,
    target,
    async (open) => {
      await open.stored();
      return gatherFacts(session, open, true);
    },
    { make: true },
  );
  if (session.flags.json === true) {
    const { name: store, where, options } = target;
    await session.line(JSON.stringify({ store, where, collection: options.collection, ...facts }));
    return;
  }
  const clock =
    facts.clockOffsetMs === undefined
      ? ""
      : `, clock ${Math.round(facts.clockOffsetMs)} ms from this machine's`;
  await session.line(
    `${target.name}: ${target.where} can be reached (${facts.engine}${clock}; can: ${abilitiesOf(facts)}).`,
  );
  await session.line(
    `${target.name}: tables and indexes are there, ${counted(facts.documents, "document")}, ${counted(facts.events, "event")}.`,
  );
  if (facts.documents > 0 && facts.events === 0)
    await session.line(
      `${target.name}: the documents have no history. Take them into another collection, with one: everdraft import --from-collection ${target.options.collection}`,
    );
  for (const { what, remedy } of facts.problems)
    await session.line(`${target.name}: ${what} Mend it: ${remedy}`);
}

function configText({ flags, terminal }: Session, { options, where }: Target): string {
  const { collection } = options;
  const name = JSON.stringify(collection);
  const hidden = flags.uri === undefined && terminal.env[uriVariable];
  // the typed address has no password in it: one with a password was refused
  const uri = hidden ? `process.env.${uriVariable}` : JSON.stringify(flags.uri ?? where);
  return `import { defineConfig } from "@everdraft/cli";

export default defineConfig({
  stores: {
    ${/^[A-Za-z_]\w*$/.test(collection) ? collection : name}: {
      collection: ${name},
      // sqlite:PATH (from this file's folder) or mongodb://HOST/DATABASE; keep passwords in the environment
      uri: ${uri},
    },
  },
});
`;
}
