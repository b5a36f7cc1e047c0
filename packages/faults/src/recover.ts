import { createStore } from "@everdraft/core";
import type { Storage } from "@everdraft/core/adapter";
import { actsOf } from "./check/acts.ts";
import { type Journal, now, type Recorded } from "./history.ts";
import { perform, resolve } from "./writer/perform.ts";
import type { Log } from "./writer/schedule.ts";

/**
 * Recovers as programs do after a fault: send acts with a key again, run imports again, ask about open acts and close them, and
 * read each document, which brings its view forward.
 */
export async function recover(
  storage: Storage<string>,
  documents: readonly string[],
  records: readonly Recorded[],
  journal: Journal,
): Promise<void> {
  const store = createStore<Log>({ collection: "logs", storage });
  const performer = { store, journal, user: "recovery", timeoutMs: 30_000 };
  const acts = actsOf(records);
  for (const { told, invoked, token, ends } of acts) {
    if (told !== "open" || invoked.kind === "read") continue;
    if (invoked.key === true || invoked.kind === "import") {
      await perform(performer, { ...invoked, at: now() });
    } else {
      const open = ends.find((end) => end.what === "indeterminate");

      if (open?.what === "indeterminate") await resolve(performer, token, invoked.doc, open, true);
    }
  }
  const imported = acts.filter(({ invoked }) => invoked.kind === "import").map(({ invoked }) => invoked.doc);
  for (const doc of [...documents, ...imported]) await store.read(doc, undefined, { timeoutMs: 30_000 });
  await store.close();
}
