import type { Change } from "@everdraft/core";
import { formatChanges } from "@everdraft/core/changes";
import type { Codec } from "../documents/ejson.ts";
import type { Colours } from "../terminal/terminal.ts";

/** One difference as a line, with values in the typed form. Values longer than `width` characters are cut. */
export function changeLine(change: Change, codec: Codec, colours: Colours, width: number): string {
  return formatChanges([change], { color: colours.isColorSupported, value: codec.line, width });
}

/** Many differences, with how many of each kind there are. */
export function changesSummary(changes: readonly Change[]): string {
  const of = (kind: Change["kind"]): number => changes.filter((change) => change.kind === kind).length;
  const moved = of("moved");
  const counts = `${of("added")} added, ${of("removed")} removed, ${of("changed")} changed`;
  return moved === 0 ? counts : `${counts}, ${moved} moved`;
}
