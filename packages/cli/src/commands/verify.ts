import type { Finding } from "@everdraft/core";
import { findId, idText } from "../document-id.ts";
import { listDocuments } from "../documents.ts";
import { exitCodes } from "../failure.ts";
import { type OpenStore, withStore } from "../open-store.ts";
import { agreed } from "../plan.ts";
import { createPace, createProgress } from "../progress.ts";
import type { Session } from "../session.ts";
import { count, counted, plain } from "../text/text.ts";
import type { CommandSpec } from "./command.ts";

/** Checks everything that is stored. */
export const verify: CommandSpec = {
  usage: "verify [ids...]",
  does: "Check that versions are dense, times ordered, hashes whole, views equal to their logs: all documents, or some",
  options: [
    ["--repair", "rewrite the views that differ; the log is never touched"],
    ["--dry-run", "with --repair: only show the plan"],
  ],
  examples: [
    ["everdraft verify", "everything; exit code 3 where something differs"],
    ["everdraft verify o-1 o-2 --repair --yes", "two documents, and mends their views"],
  ],
  run: async (session, args, options) => {
    const ids = Array.isArray(args[0]) ? args[0] : [];
    const repair = options.repair === true;
    return withStore(session, async (open) => {
      const { target } = open;
      const go =
        !repair ||
        (await agreed(session, {
          what: "Verify, and rewrite the views that are not what their logs give",
          where: `${target.options.collection} in ${target.where}`,
          lines: [ids.length > 0 ? counted(ids.length, "document") : "all documents", "no event is written"],
        }));
      return go ? run(session, open, ids, repair) : exitCodes.done;
    });
  },
};

async function run(
  session: Session,
  open: OpenStore,
  ids: readonly string[],
  repair: boolean,
): Promise<number> {
  const progress = createProgress(session, "document");
  const pace = createPace();
  let [documents, findings, mended] = [0, 0, 0];
  try {
    for await (const id of ids.length > 0 ? named(session, open, ids) : listDocuments(session, open)) {
      const verified = await open.store.verify(id, session.call);
      const repairable = verified.findings.some(
        ({ kind }) => kind === "drift" || kind === "behind" || kind === "cut",
      );
      if (repair && repairable) await open.store.repair(id, session.call);
      for (const finding of verified.findings) {
        findings++;
        const repaired = repair && repairable;
        if (repaired) mended++;
        await tellFinding(session, open, id, finding, repaired);
      }
      progress.update({ ...pace(++documents), position: idText(id), failures: findings });
    }
  } finally {
    progress.stop();
  }
  const left = findings - mended;
  if (session.flags.json !== true) {
    const verdict =
      findings === 0 ? "nothing differs" : `${counted(findings, "finding")}, ${count(mended)} repaired`;
    await session.line(`Verified ${counted(documents, "document")}: ${verdict}.`);
  }
  return left > 0 ? exitCodes.differences : exitCodes.done;
}

async function tellFinding(
  session: Session,
  { codec }: OpenStore,
  id: unknown,
  { kind, version, message }: Finding,
  repaired: boolean,
): Promise<void> {
  if (session.flags.json === true) {
    await session.line(codec.record({ id, version, kind, message, repaired }));
    return;
  }
  const { red, green, bold } = session.colours;
  const mark = repaired ? green("repaired") : red(kind);
  await session.line(`${bold(plain(idText(id)))}  v${version}  ${mark}  ${message}`);
}

async function* named(session: Session, open: OpenStore, ids: readonly string[]): AsyncGenerator<unknown> {
  for (const id of ids) yield await findId(session, open, id);
}
