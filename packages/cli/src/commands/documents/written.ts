import type { Written } from "@everdraft/core";
import { shellWord } from "@everdraft/git-history/text";
import { idText } from "../../documents/document-id.ts";
import { exitCodes } from "../../failure.ts";
import type { Session } from "../../session.ts";
import type { OpenStore } from "../../store/open-store.ts";
import { plain } from "../../text/text.ts";

/** Tells what a write did, and gives the exit code. */
export async function tellWritten(
  session: Session,
  { codec }: OpenStore,
  written: Written<unknown, unknown>,
): Promise<number> {
  const { id, version, at, by, eventId, changed, repeated, view } = written;
  if (session.flags.json === true) {
    await session.line(
      codec.record({ id, version, at: at.toISOString(), by, eventId, changed, repeated, view }),
    );
    return exitCodes.done;
  }
  const what = changed
    ? `is at version ${version} now`
    : `is as it was, at version ${version}; nothing was stored`;
  await session.line(`${plain(idText(id))} ${what}.`);
  const remedy = remedies[view];
  if (remedy !== undefined) session.note(remedy(shellWord(idText(id)), session.naming));
  return exitCodes.done;
}

/** The advice where the current document does not show the event. */
const remedies: Readonly<Record<string, (id: string, naming: string) => string>> = {
  behind: (_, naming) => `Its current document could not be written yet; everdraft sweep${naming} writes it.`,
  refused: (id, naming) =>
    `The collection refuses its current document; everdraft verify ${id} --repair${naming} says why, and writes it once it fits.`,
  drift: (id, naming) =>
    `Another program changed its current document or took it away, so that was left as it is. The edit is in its history; everdraft verify ${id} --repair${naming} writes the document anew from there.`,
};
