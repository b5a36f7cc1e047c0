import { type OnDocument, onDocument } from "../../context/on-document.ts";
import { ViewAheadError } from "../../errors/view-ahead-error.ts";
import { checkView } from "../../history/check-view.ts";
import { type FoundView, readViews } from "../../history/read-views.ts";
import { forgetTaken } from "../../history/taken-views.ts";
import type { DocumentId } from "../../model/document-id.ts";
import type { Deadline } from "../../port/deadline.ts";
import { pace } from "../../port/pace.ts";
import type { View, ViewOutcome } from "../../port/view.ts";
import type { ViewStore } from "../../port/view-store.ts";
import { viewOf } from "../../projection/view-of.ts";
import { sizeOf } from "../../value/size.ts";
import { repairView } from "../../views/repair.ts";
import type { StoreParts } from "../../write/store-parts.ts";
import { each } from "../job/each.ts";
import { readLogs } from "../job/read-logs.ts";
import { writeTogether } from "../job/write-together.ts";
import { foldDocument, orDamage, type Rebuilt } from "./rebuild-document.ts";

/**
 * Writes the views that these documents' logs give, where they are not stored yet. Gives the results in the order of the
 * documents.
 */
export async function rebuildViews(
  parts: StoreParts,
  ids: readonly DocumentId[],
  deadline: Deadline,
): Promise<readonly Rebuilt[]> {
  const { views } = await parts.resources.opened(deadline);
  const before = await readViews(views, ids, deadline);
  const logs = await readLogs(parts, ids, before, { compare: false, deadline });
  const rebuilt: Rebuilt[] = [];
  const together = writeTogether<{ readonly place: number; readonly view: View }>(async (planned) => {
    const outcomes = await writeMany(
      views,
      planned.map(({ view }) => view),
      deadline,
    );
    await each([...planned.entries()], async ([i, { place, view }]) => {
      rebuilt[place] = await orDamage(() => finish(parts, view, outcomes[i] ?? "behind", deadline));
    });
  });
  await each([...ids.entries()], async ([place, id]) => {
    const on = onDocument(parts.resources, id, deadline, logs.get(place));
    const planned = await orDamage(() => planView(on, before[place]));
    if (planned.kind === "damaged") rebuilt[place] = planned;
    else if (planned.result.kind !== "write") rebuilt[place] = { kind: "done", result: planned.result.kind };
    else {
      const { view } = planned.result;
      const bytes = view.state === undefined ? 0 : sizeOf(view.state, parts.resources.types);
      await together.add({ place, view }, bytes);
    }
  });
  await together.end();
  return rebuilt;
}

/** The view that a document is to have; or the document's result where no view is to be written with others. */
type ViewPlan = { readonly kind: "write"; readonly view: View } | { readonly kind: "written" | "same" };

async function planView(on: OnDocument, view: FoundView): Promise<ViewPlan> {
  const { resources, doc, deadline } = on;
  const folded = await foldDocument(on);
  await pace.turn();
  const finding = checkView(folded, view, resources.types);
  if (finding === undefined) return { kind: "same" };
  if (finding.kind === "behind") return { kind: "write", view: viewOf(folded, doc, resources.types) };
  if (finding.kind === "cut") {
    // since the view was read its log may have grown
    const [now] = await readViews((await on.opened()).views, [doc], deadline);
    const again = checkView(await foldDocument(on), now, resources.types);
    if (again?.kind === "cut")
      throw new ViewAheadError({
        id: doc,
        view: typeof view === "object" ? view.version : 0,
        head: folded.version,
      });
    return planView(on, now);
  }
  await repairView(on);
  return { kind: "written" };
}

async function writeMany(
  views: ViewStore,
  wanted: readonly View[],
  deadline: Deadline,
): Promise<readonly ViewOutcome[]> {
  if (views.writeMany !== undefined) return views.writeMany(wanted, deadline.call());
  const outcomes: ViewOutcome[] = [];
  for (const view of wanted) outcomes.push(await views.write(view, "lower", deadline.call()));
  return outcomes;
}

/** Sees to it that a view that was written stays true. */
async function finish(
  { resources, views }: StoreParts,
  { id, version }: View,
  outcome: ViewOutcome,
  deadline: Deadline,
): Promise<"written"> {
  if (outcome === "current") return "written";
  const { log } = await resources.opened(deadline);
  // a document that was deleted meanwhile must not come back
  const head = outcome === "inserted" ? await log.head(id, version, deadline.call()) : undefined;
  if (outcome === "inserted") await forgetTaken(onDocument(resources, id, deadline));
  if (head?.version !== version) await views.bringForward(onDocument(resources, id, deadline));
  return "written";
}
