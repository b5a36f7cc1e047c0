import type { Store } from "@everdraft/core";
import { type Order, order } from "./order.ts";
import type { StoreBench } from "./store-bench.ts";
import { wrapStorage } from "./wrap-storage.ts";

/** A store, and the one that is always a little faster. */
export interface Rivalled {
  readonly rival: Store<Order>;
  readonly store: Store<Order>;
}

/** A store on a document of one version, which a rival edits before every commit (or the first few). */
export async function rivalled(
  { open, storage }: StoreBench,
  times: number = Number.POSITIVE_INFINITY,
  id = "o-1",
): Promise<Rivalled> {
  const rival = open();
  await rival.create(id, "rival", order());
  let commits = 0;
  const disturbed = wrapStorage(storage, ({ log }) => ({
    log: {
      async commit(appends, kind, call) {
        const note = `${++commits}`;
        if (commits <= times)
          await rival.edit(id, "rival", (draft) => {
            draft.note = note;
          });
        return log.commit(appends, kind, call);
      },
    },
  }));
  return { rival, store: open({ storage: disturbed }) };
}
