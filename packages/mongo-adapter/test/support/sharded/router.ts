import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { BSON, type Document } from "mongodb";
import { noCommand, standalone } from "../manners.ts";
import { onMessages, opMsg, rewritten } from "../proxy.ts";
import { documentOf, fieldsOf, listField } from "./raw-bson.ts";
import { countOn, readFrom } from "./route-reads.ts";
import { targetsOf, writeTo } from "./route-writes.ts";
import { shardCollection } from "./shard-collection.ts";
import { keysOf, operationsOf } from "./shard-keys.ts";
import { commandBytes, linkTo, messageOf, type ShardLink } from "./shard-link.ts";
import { type RawCommand, ShardRefusal, type Shards, shardsBehind, shardsOf } from "./shards.ts";

/** A command, and the shards that were asked to carry it out. */
interface Routed {
  readonly name: string;
  readonly collection: string;
  readonly shards: readonly number[];
}

/** A server that has nothing itself: it splits the documents of all collections among others by the hash of their shard key. */
export interface Router {
  readonly uri: string;
  /** The commands on documents since the last call. */
  take(): readonly Routed[];
  /** The commands that it refused, since no shard was named. */
  readonly refused: readonly string[];
  stop(): Promise<void>;
}

const reads = new Set(["find", "aggregate", "count"]);
const writes = new Set(["insert", "update", "delete", "findAndModify"]);
/** Commands on a collection as a whole, which each shard carries out. */
const everywhere = new Set(["createIndexes", "dropIndexes", "create", "drop", "dropDatabase", "collMod"]);
/** Fields that belong to one server's sessions. */
const ofSessions = new Set(["lsid", "txnNumber", "$clusterTime"]);

/** Starts one in front of the servers of these addresses. It says that it is mongos, and has no transactions. */
export async function startRouter(uris: readonly string[]): Promise<Router> {
  const sockets = new Set<Socket>();
  const routed: Routed[] = [];
  const refused: string[] = [];
  const listener = createServer((socket) => {
    sockets.add(socket);
    serve(socket, uris, { routed, refused });
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("there is no free port");
  return {
    uri: `mongodb://127.0.0.1:${address.port}/?directConnection=true`,
    refused,
    take: () => routed.splice(0),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
}

/** All that a router notes. */
interface Notes {
  readonly routed: Routed[];
  readonly refused: string[];
}

function serve(client: Socket, uris: readonly string[], notes: Notes): void {
  const links = Promise.all(uris.map(linkTo));
  client.on("error", () => client.destroy());
  client.on("close", async () => {
    for (const link of await links.catch(() => [])) link.close();
  });
  let last: Promise<unknown> = Promise.resolve();
  onMessages(client, (message) => {
    const copy = Buffer.from(message);
    last = last
      .then(async () => client.write(await answerTo(copy, await links, notes)))
      .catch(() => client.destroy());
  });
}

async function answerTo(message: Buffer, links: readonly ShardLink[], notes: Notes): Promise<Buffer> {
  const [first] = links;
  if (first === undefined) throw new Error("a router needs shards");
  // the first message of a driver is of an older kind, and asks who is there
  if (message.readInt32LE(12) !== opMsg) return rewritten(await first.send(message), asMongos);
  const command = commandOf(message);
  const answered = (reply: Buffer): Buffer => messageOf(reply, { own: 0, answers: message.readInt32LE(4) });
  const { name } = command;
  if (/^(hello|ismaster)$/i.test(name)) return rewritten(await first.send(message), asMongos);
  try {
    const reply = await route(command, shardsBehind(links), notes);
    if (typeof reply !== "number") return answered(reply);
    return (await links[reply]?.send(message)) ?? message;
  } catch (error) {
    if (error instanceof ShardRefusal) return answered(error.reply);
    throw error;
  }
}

function asMongos(reply: Document): Document {
  return { ...standalone.hello?.(reply), msg: "isdbgrid" };
}

/** The command of a message. Lists that follow it as sections are put into it. */
function commandOf(message: Buffer): RawCommand {
  const { body, lists } = commandBytes(message);
  const fields = [
    ...fieldsOf(body).filter(({ name }) => !ofSessions.has(name)),
    ...[...lists].map(([name, documents]) => listField(name, documents)),
  ];
  const name = fields[0]?.name ?? "";
  // documents of users are not read: they may look like anything, a reference of the driver's own included
  const unread = name === "insert" ? "documents" : "";
  const read = readOf(documentOf(fields.filter((field) => field.name !== unread)));
  const documents = fields.find((field) => field.name === unread)?.value;
  if (documents !== undefined)
    read[unread] = fieldsOf(documents).map(({ value }) => readOf(keysAlone(value)));
  return { name, fields, read };
}

function readOf(document: Buffer): Document {
  return BSON.deserialize(document, { promoteValues: false });
}

function keysAlone(document: Buffer): Buffer {
  return documentOf(fieldsOf(document).filter(({ name }) => name === "_id" || name === "doc"));
}

/** The answer to a command, or the shard that is to answer the message as it is: the first one has all that is not split. */
async function route(command: RawCommand, shards: Shards, notes: Notes): Promise<Buffer | number> {
  const { name, read } = command;
  if (name === "bulkWrite") return serialized({ ok: 0, ...noCommand(name) });
  if (name === "shardCollection") return serialized(await shardCollection(read, shards));
  if (everywhere.has(name)) return onAll(shards, command);
  if (name === "collStats") return sumOfSizes(shards, command);
  if (!reads.has(name) && !writes.has(name)) return 0;
  const operations = operationsOf(name, read);
  const collection = String(read[name]);
  if (reads.has(name)) {
    const asked = shardsOf(operations[0] && keysOf(operations[0]), shards.count);
    notes.routed.push({ name, collection, shards: asked });
    return name === "count" ? countOn(shards, asked, command) : readFrom(shards, asked, command);
  }
  const targets = targetsOf(operations, shards.count);
  if (targets === undefined) {
    notes.refused.push(`${name} ${collection}`);
    const errmsg = `A write of one document must name the shard key: ${name} ${collection}`;
    return serialized({ ok: 0, code: 61, codeName: "ShardKeyNotFound", errmsg });
  }
  const asked = [...new Set(targets.flat())].sort();
  notes.routed.push({ name, collection, shards: asked });
  const [only] = asked;
  if (only !== undefined && asked.length === 1) return only;
  return serialized(await writeTo(shards, targets, command));
}

/** The answer of the first shard. One that lacks the collection has nothing to take away, as long as another has it. */
async function onAll(shards: Shards, { name, fields }: RawCommand): Promise<Buffer> {
  const tried = await Promise.allSettled(shardsOf(undefined, shards.count).map((i) => shards.ask(i, fields)));
  const done = tried.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = tried.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  const [reply] = done;
  if (reply === undefined || (failed.length > 0 && !/^drop/.test(name))) throw failed[0];
  return reply;
}

async function sumOfSizes(shards: Shards, { fields }: RawCommand): Promise<Buffer> {
  const replies = await Promise.all(shardsOf(undefined, shards.count).map((i) => shards.ask(i, fields)));
  const size = replies.reduce((sum, reply) => sum + Number(BSON.deserialize(reply).size ?? 0), 0);
  return serialized({ size, ok: 1 });
}

function serialized(document: Document): Buffer {
  return Buffer.from(BSON.serialize(document));
}
