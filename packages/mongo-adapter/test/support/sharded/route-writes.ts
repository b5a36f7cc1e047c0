import { BSON, type Document } from "mongodb";
import { fieldsOf, listField } from "./raw-bson.ts";
import { keysOf, type Operation } from "./shard-keys.ts";
import { type RawCommand, type Shards, shardsOf } from "./shards.ts";

/** Operations that go to the same shards, by their places in the command. */
interface Part {
  readonly asked: readonly number[];
  readonly places: number[];
}

/** The name of the list in which a command has its operations. */
const lists: Readonly<Record<string, string>> = { insert: "documents", update: "updates", delete: "deletes" };

/** The shards of each operation of a write; undefined for one that names none and is meant for one document. */
export function targetsOf(
  operations: readonly Operation[],
  count: number,
): readonly (readonly number[])[] | undefined {
  const targets = operations.map((operation) => {
    const keys = keysOf(operation);
    const isRouted = keys?.every((key) => key !== undefined) === true;
    if (!isRouted && (!operation.many || operation.upsert)) return [];
    return shardsOf(isRouted ? keys : undefined, count);
  });
  // an update of one document goes to one shard
  const isLost = targets.some((target, i) => target.length !== 1 && operations[i]?.many !== true);
  return isLost ? undefined : targets;
}

/** Carries a write out on the shards of each of its operations, and gives the answer that one server would have given. */
export async function writeTo(
  shards: Shards,
  targets: readonly (readonly number[])[],
  { name, fields, read }: RawCommand,
): Promise<Document> {
  const list = lists[name] ?? "";
  const operations = fieldsOf(fields.find((field) => field.name === list)?.value ?? Buffer.alloc(5));
  const whole: Document = { n: 0, nModified: 0, upserted: [], writeErrors: [], ok: 1 };
  for (const { asked, places } of partsOf(targets, read.ordered !== false)) {
    const some = places.flatMap((place) => operations[place]?.value ?? []);
    const part = [...fields.filter((field) => field.name !== list), listField(list, some)];
    for (const shard of asked) {
      const reply = BSON.deserialize(await shards.ask(shard, part));
      whole.n += reply.n;
      whole.nModified += reply.nModified ?? 0;
      for (const of of ["upserted", "writeErrors"] as const)
        for (const one of reply[of] ?? []) whole[of].push({ ...one, index: places[one.index] });
      if (reply.writeConcernError !== undefined) whole.writeConcernError = reply.writeConcernError;
    }
    if (read.ordered !== false && whole.writeErrors.length > 0) break;
  }
  whole.writeErrors.sort((a: Document, b: Document) => a.index - b.index);
  return Object.fromEntries(
    Object.entries(whole).filter(([, value]) => !(Array.isArray(value) && value.length === 0)),
  );
}

/** In order: neighbours that go to the same shards. In any order: all that do. */
function partsOf(targets: readonly (readonly number[])[], ordered: boolean): readonly Part[] {
  const parts: Part[] = [];
  for (const [place, asked] of targets.entries()) {
    const known = ordered ? parts.slice(-1) : parts;
    const part = known.find((one) => one.asked.join() === asked.join());
    if (part === undefined) parts.push({ asked, places: [place] });
    else part.places.push(place);
  }
  return parts;
}
