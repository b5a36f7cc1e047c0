import { count, counted, cut, plain } from "@everdraft/cli/text";
import type { DocumentEvent, Store } from "@everdraft/core";
import { changeLine, firstLines, minute, tableLines } from "./render.ts";

const shown = 12;
const changesShown = 3;
const placeLength = 46;

/** The last events of a document as a table of who changed which place when, oldest first, below a headline. */
export async function timelineLines(
  store: Store<Record<string, unknown>>,
  id: string,
  width: number,
): Promise<{ readonly headline: string; readonly lines: string[] }> {
  const newest = await store.history(id, { order: "newest", limit: shown }).toArray();
  const events = newest.reverse();
  const before = (events[0]?.version ?? 1) - 1;
  const rows: string[][] = [];
  for (const event of events) {
    const [first = "", ...rest] = await whatHappened(store, event);
    rows.push([count(event.version), minute(event.at), cut(plain(event.by), 24), first]);
    for (const line of rest) rows.push(["", "", "", line]);
  }
  const head = ["version", "when (UTC)", "who", "what"];
  return {
    headline: `The last ${counted(events.length, "event")} of ${plain(id)} (${count(before)} before)`,
    lines: tableLines([head, ...rows], width),
  };
}

/** An event in words: its reason where it has one, then the first changes. */
async function whatHappened(store: Store<Record<string, unknown>>, event: DocumentEvent): Promise<string[]> {
  const { id, version, reason } = event;
  const said = reason === undefined ? [] : [plain(reason)];
  if (event.type === "reverted") said.unshift(`reverted to version ${event.ref.version}`);
  if (version === 1) return [...said, "created"];
  const changes = await store.diff(id, { version: version - 1 }, { version });
  const whole = changes.find((change) => change.path.length === 0);
  if (whole !== undefined) return [...said, whole.kind === "removed" ? "deleted" : "created again"];
  return [
    ...said,
    ...firstLines(
      changes.map((change) => changeLine(change, placeLength)),
      changesShown,
    ),
  ];
}
