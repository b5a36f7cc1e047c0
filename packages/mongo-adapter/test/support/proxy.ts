import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { BSON, type Document } from "mongodb";

/** What a server between the driver and the real one does otherwise. */
export interface Manner {
  /** What it says of itself, from what the real one says. */
  readonly hello?: (reply: Document) => Document;
  /** The error that it answers a command with; undefined where the real one is to answer. */
  readonly refuse?: (command: Document) => Refusal | undefined;
  /** What it answers a command with that it does not hand on; undefined where the real one is to answer. */
  readonly answer?: (command: Document) => Document | undefined;
  /** What it does in place of a command, which is one document, and what it says of it; undefined where it does as it is told. */
  readonly instead?: (command: Document) => Instead | undefined;
  /** Whether the connection breaks when the real one has carried a command out, so that its answer is lost. */
  readonly losesReply?: (command: Document) => boolean;
}

/** Another command in place of one, and the answer made of that to the other one. */
export interface Instead {
  readonly command: Document;
  readonly reply: (reply: Document) => Document;
}

/** An error as a server answers it. */
export interface Refusal {
  readonly code: number;
  readonly codeName: string;
  readonly errmsg: string;
}

/** A server on this machine that stands in front of another one. */
export interface LoopbackProxy {
  readonly uri: string;
  /** The commands that came to it, by name. */
  readonly seen: ReadonlySet<string>;
  /** Those of them that it refused. */
  readonly refused: ReadonlySet<string>;
  /** Breaks all connections and takes no more of them, until it is up again at the same address. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

// numbers of https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
const opReply = 1;
const opQuery = 2004;
export const opMsg = 2013;
/** The bytes of a message before its content. */
export const headerBytes = 16;

/** Starts one in front of the server of an address, which is one host without TLS. */
export async function startProxy(
  beneath: string,
  { hello, refuse, answer, instead, losesReply }: Manner,
): Promise<LoopbackProxy> {
  const target = new URL(beneath.replace(/^mongodb:/, "http:"));
  const [seen, refused, sockets] = [new Set<string>(), new Set<string>(), new Set<Socket>()];

  const serve = (client: Socket): void => {
    const server = connect(Number(target.port), target.hostname);
    const lost = new Set<number>();
    const changed = new Map<number, (reply: Document) => Document>();
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => other.destroy());
    }
    onMessages(client, (message) => {
      const command = commandOf(message);
      const [name] = Object.keys(command ?? {});
      if (command === undefined || name === undefined) return server.write(message);
      seen.add(name);
      if (hello !== undefined && /^(hello|ismaster)$/i.test(name)) changed.set(message.readInt32LE(4), hello);
      if (losesReply?.(command) === true) lost.add(message.readInt32LE(4));
      const refusal = refuse?.(command);
      if (refusal !== undefined) refused.add(name);
      const said = refusal === undefined ? answer?.(command) : { ok: 0, ...refusal };
      if (said !== undefined) return client.write(reply(message.readInt32LE(4), said));
      const other = instead?.(command);
      if (other === undefined) return server.write(message);
      changed.set(message.readInt32LE(4), other.reply);
      return server.write(rewritten(message, () => other.command));
    });
    onMessages(server, (message) => {
      if (lost.delete(message.readInt32LE(8))) return client.destroy();
      const change = changed.get(message.readInt32LE(8));
      return client.write(change === undefined ? message : rewritten(message, change));
    });
  };

  const listener = createServer(serve);
  const up = async (port: number): Promise<void> => {
    listener.listen(port, "127.0.0.1");
    await once(listener, "listening");
  };
  const down = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    if (!listener.listening) return;
    listener.close();
    await once(listener, "close");
  };
  await up(0);
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("there is no free port");
  // credentials and all else stay as they are
  const uri = new URL(target);
  [uri.hostname, uri.port] = ["127.0.0.1", `${address.port}`];
  uri.searchParams.delete("replicaSet");
  uri.searchParams.set("directConnection", "true");
  return {
    uri: uri.href.replace(/^http:/, "mongodb:"),
    seen,
    refused,
    down,
    up: () => up(address.port),
    stop: down,
  };
}

/** Calls back with each whole message that comes over a socket. */
export function onMessages(socket: Socket, take: (message: Buffer) => unknown): void {
  let rest = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    while (rest.length >= headerBytes && rest.length >= rest.readInt32LE(0)) {
      const length = rest.readInt32LE(0);
      take(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  });
}

/** The command of a message; undefined where it holds none. */
function commandOf(message: Buffer): Document | undefined {
  const opCode = message.readInt32LE(12);
  if (opCode === opMsg) return commandOfMsg(message);
  if (opCode !== opQuery) return undefined;
  // flags, the collection's name as text that ends with 0, two numbers
  return documentAt(message, message.indexOf(0, headerBytes + 4) + 1 + 8);
}

/** Behind its flags such a message has sections: the command, and lists that belong into it. */
function commandOfMsg(message: Buffer): Document {
  const command: Document = {};
  const [isChecked, begin] = [message.readUInt32LE(headerBytes) & 1, headerBytes + 4];
  for (let at = begin; at < message.length - (isChecked ? 4 : 0); ) {
    const kind = message.readUInt8(at++);
    const end = at + message.readInt32LE(at);
    if (kind === 0) Object.assign(command, documentAt(message, at));
    else {
      const list: Document[] = [];
      const nameEnd = message.indexOf(0, at + 4);
      for (let next = nameEnd + 1; next < end; next += message.readInt32LE(next))
        list.push(documentAt(message, next));
      command[message.toString("utf8", at + 4, nameEnd)] = list;
    }
    at = end;
  }
  return command;
}

/** The message with another document in it. */
export function rewritten(message: Buffer, change: (document: Document) => Document): Buffer {
  const begin = message.readInt32LE(12) === opReply ? headerBytes + 20 : headerBytes + 5;
  const document = Buffer.from(BSON.serialize(change(documentAt(message, begin))));
  const whole = Buffer.concat([message.subarray(0, begin), document]);
  whole.writeInt32LE(whole.length, 0);
  return whole;
}

function reply(to: number, answer: Document): Buffer {
  const document = Buffer.from(BSON.serialize(answer));
  const before = Buffer.alloc(headerBytes + 5);
  before.writeInt32LE(before.length + document.length, 0);
  before.writeInt32LE(to, 8);
  before.writeInt32LE(opMsg, 12);
  return Buffer.concat([before, document]);
}

function documentAt(message: Buffer, begin: number): Document {
  const bytes = message.subarray(begin, begin + message.readInt32LE(begin));
  // numbers keep their types
  return BSON.deserialize(bytes, { promoteValues: false });
}
