import { createStore } from "@everdraft/core";
import type { DocumentId, Storage } from "@everdraft/core/adapter";
import type { Kept } from "./check/evidence.ts";
import type { Log } from "./writer/schedule.ts";

const call = { timeoutMs: 60_000 };

/** Everything that the store holds of the documents that it knows. */
export async function gather(storage: Storage<string>): Promise<Kept[]> {
  const { log, views } = await storage.open("logs", call);
  const store = createStore<Log>({ collection: "logs", storage, cache: { maxBytes: 0 } });
  const kept: Kept[] = [];
  for (let after: DocumentId | undefined; ; ) {
    const page = await log.documents({ ...(after !== undefined && { after }), limit: 200 }, call);
    for (const id of page) {
      const doc = String(id);
      const events = await log.read(id, { from: 1, to: 1_000_000, limit: 2_000_000 }, call);
      const [view] = await views.get([id], call);
      const { ok, findings } = await store.verify(doc, call);
      kept.push({ doc, events, view, verified: { ok, findings } });
    }
    after = page.at(-1);
    if (page.length < 200) break;
  }
  await store.close();
  return kept;
}
