import { createStore } from "@everdraft/core";
import type { Storage } from "@everdraft/core/adapter";
import { memoryStorage } from "@everdraft/core/memory";
import { check, type Verdict } from "../../src/check/check.ts";
import { gather } from "../../src/gather.ts";
import { memoryJournal, now, type Recorded } from "../../src/history.ts";
import { recover } from "../../src/recover.ts";
import type { Log } from "../../src/writer/schedule.ts";
import { work } from "../../src/writer/work.ts";

const documents = ["d-0", "d-1", "d-2"];

/** How stores write to a memory storage, in this process. */
export interface MemoryRun {
  readonly seed: number;
  readonly acts: number;
  /** The wrapper between the stores and the memory. */
  readonly between: (storage: Storage) => Storage & { landAll?: () => Promise<void> };
  /** Makes the stores; of a copy of the library with a bug, where that is tested. */
  readonly create?: typeof createStore;
  /** The storage through which the last look is taken. Default: the memory itself. */
  readonly lookThrough?: (storage: Storage) => Storage;
}

/** Three stores, as of three processes, write under the wrapper; the data that they leave is judged. */
export async function runInMemory({
  seed,
  acts,
  between,
  create = createStore,
  lookThrough,
}: MemoryRun): Promise<Verdict> {
  const memory = memoryStorage();
  const storage = between(memory);
  const records: Recorded[] = [];
  const journal = memoryJournal(records);
  const stores = [0, 1, 2].map(() => create<Log>({ collection: "logs", storage }));
  const { views } = await storage.open("logs", { timeoutMs: 1_000 });
  let done = 0;
  const look = async (): Promise<void> => {
    const doc = documents[done % documents.length] as string;
    const [view] = await views.get([doc], { timeoutMs: 1_000 }).catch(() => []);
    const seen =
      view?.state === undefined ? {} : { version: view.version, head: view.hash, state: view.state };
    records.push({ what: "view", doc, at: now(), ...seen });
  };
  const looks: Promise<void>[] = [];
  await Promise.all(
    stores.map((store, s) =>
      work(
        { store, journal, user: `u${s}`, timeoutMs: 2_000 },
        {
          name: `w${s}`,
          seed: seed * 31 + s,
          documents,
          workers: 3,
          goesOn: () => done < acts,
          done: () => {
            done++;
            looks.push(look());
          },
        },
      ),
    ),
  );
  await storage.landAll?.();
  await Promise.all(looks);
  await Promise.all(stores.map((store) => store.close()));
  await storage.landAll?.();
  const whole = lookThrough?.(memory) ?? memory;
  await recover(whole, documents, records, journal).catch(() => undefined);
  return check({ records, kept: await gather(whole) });
}
