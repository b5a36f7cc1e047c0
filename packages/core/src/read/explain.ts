import type { Resources } from "../context/resources.ts";
import type { Deadline } from "../port/deadline.ts";
import type { FindPlan, FindQuery } from "../port/view-store.ts";
import { checkFind, type FindRequest } from "./find-request.ts";

/** A part of a storage that may tell how it would answer a find. */
type Explaining = { explain?(query: FindQuery, call: ReturnType<Deadline["call"]>): Promise<FindPlan> };

/** How a storage would answer a find now, or a count where the limit is 0. */
export async function planOf(found: Explaining, query: FindQuery, deadline: Deadline): Promise<FindPlan> {
  return (await found.explain?.(query, deadline.call())) ?? { kind: "scan" };
}

/** How a find of documents would be answered now. */
export async function explainFind(
  resources: Resources,
  request: FindRequest,
  deadline: Deadline,
): Promise<FindPlan> {
  const query = checkFind(request, resources);
  const { views } = await resources.opened(deadline);
  return planOf(views, query, deadline);
}
