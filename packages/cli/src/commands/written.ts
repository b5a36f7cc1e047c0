import type { Written } from "@everdraft/core";
import { idText } from "../document-id.ts";
import { exitCodes } from "../failure.ts";
import type { OpenStore } from "../open-store.ts";
import type { Session } from "../session.ts";
import { plain } from "../text/text.ts";

/** Tells what a write did, and gives the exit code. */
export async function tellWritten(
  session: Session,
  { codec }: OpenStore,
  written: Written<unknown, unknown>,
): Promise<number> {
  const { id, version, at, by, eventId, changed, view } = written;
  if (session.flags.json === true) {
    await session.line(codec.record({ id, version, at: at.toISOString(), by, eventId, changed, view }));
    return exitCodes.done;
  }
  const what = changed
    ? `is at version ${version} now`
    : `is as it was, at version ${version}; nothing was stored`;
  await session.line(`${plain(idText(id))} ${what}.`);
  if (view !== "current")
    session.note(`Its view is ${view}; everdraft sweep${session.naming} brings it forward.`);
  return exitCodes.done;
}
