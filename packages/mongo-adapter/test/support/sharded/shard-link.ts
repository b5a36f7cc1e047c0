import { once } from "node:events";
import { connect } from "node:net";
import { headerBytes, onMessages, opMsg } from "../proxy.ts";

/** A connection to a shard, over which one message at a time is sent and answered. */
export interface ShardLink {
  send(message: Buffer): Promise<Buffer>;
  close(): void;
}

/** Connects to the server of an address, which is one host without TLS. */
export async function linkTo(uri: string): Promise<ShardLink> {
  const target = new URL(uri.replace(/^mongodb:/, "http:"));
  const socket = connect(Number(target.port), target.hostname);
  let waiting: PromiseWithResolvers<Buffer> | undefined;
  const broken = (): void => waiting?.reject(new Error(`the shard at ${target.host} closed its connection`));
  socket.on("error", broken);
  socket.on("close", broken);
  onMessages(socket, (message) => waiting?.resolve(Buffer.from(message)));
  await once(socket, "connect");
  return {
    send: (message) => {
      waiting = promiseWithResolvers();
      socket.write(message);
      return waiting.promise;
    },
    close: () => void socket.destroy(),
  };
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

function promiseWithResolvers<T>(): PromiseWithResolvers<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((ok, failed) => {
    [resolve, reject] = [ok, failed];
  });
  return { promise, resolve, reject };
}

/** A message that holds one document: a command, or the answer to one. */
export function messageOf(document: Buffer, id: { readonly own: number; readonly answers: number }): Buffer {
  const before = Buffer.alloc(headerBytes + 5);
  before.writeInt32LE(before.length + document.length, 0);
  before.writeInt32LE(id.own, 4);
  before.writeInt32LE(id.answers, 8);
  before.writeInt32LE(opMsg, 12);
  return Buffer.concat([before, document]);
}

/** The document of such a message. */
export function documentIn(message: Buffer): Buffer {
  const begin = headerBytes + 5;
  return message.subarray(begin, begin + message.readInt32LE(begin));
}

/** The command of a message as one document: lists that follow it as sections are put into it. */
export function commandBytes(message: Buffer): {
  readonly body: Buffer;
  readonly lists: ReadonlyMap<string, readonly Buffer[]>;
} {
  const lists = new Map<string, Buffer[]>();
  let body: Buffer = Buffer.alloc(0);
  const isChecked = message.readUInt32LE(headerBytes) & 1;
  for (let at = headerBytes + 4; at < message.length - (isChecked ? 4 : 0); ) {
    const kind = message.readUInt8(at++);
    const end = at + message.readInt32LE(at);
    if (kind === 0) body = message.subarray(at, end);
    else {
      const nameEnd = message.indexOf(0, at + 4);
      const list: Buffer[] = [];
      for (let next = nameEnd + 1; next < end; next += message.readInt32LE(next))
        list.push(message.subarray(next, next + message.readInt32LE(next)));
      lists.set(message.toString("utf8", at + 4, nameEnd), list);
    }
    at = end;
  }
  return { body, lists };
}
