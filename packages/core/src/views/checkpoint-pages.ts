import type { CheckpointStore } from "../port/checkpoint-store.ts";
import type { Deadline } from "../port/deadline.ts";
import type { PlainObject } from "../value/value.ts";

/** A small record, by its name. */
interface NamedRecord {
  readonly name: string;
  readonly value: PlainObject;
}

/** All records whose names begin so, in the order of names, read in short pages. */
export async function* listRecords(
  checkpoints: CheckpointStore,
  prefix: string,
  deadline: Deadline,
): AsyncGenerator<NamedRecord> {
  let after: string | undefined;
  do {
    const page = await checkpoints.list(prefix, { ...(after && { after }), limit: 100 }, deadline.call());
    yield* page;
    after = page.at(-1)?.name;
  } while (after !== undefined);
}
