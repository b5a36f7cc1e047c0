import { once } from "node:events";
import { type AddressInfo, createServer, type Socket, connect as tcpConnect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "@everdraft/testkit/random";
import { between } from "../random.ts";
import { commandOf, framer } from "./wire.ts";

/** The faults that the network can bring to a write. */
export type NetworkFault =
  | "lost-request"
  | "lost-reply"
  | "late-landing"
  | "blackhole"
  | "reset"
  | "slices"
  | "latency";

/** A proxy before a MongoDB server, on this machine alone. */
export interface Proxy {
  readonly port: number;
  /** From now on writes pass as they are; waits until all that was held back has arrived. */
  calm(): Promise<void>;
  close(): Promise<void>;
}

/** How a proxy works. */
export interface ProxySettings {
  /** The server's port. */
  readonly to: number;
  readonly fault: NetworkFault;
  readonly random: Random;
  /** The share of writes that it strikes. */
  readonly rate: number;
  /** Told of each strike: the moments of its beginning and end. */
  readonly struck: (from: number, until: number) => void;
  readonly now: () => number;
}

/** How long a blackholed connection stays open, in milliseconds. */
const silence = 2_500;

/** Starts a proxy that strikes some of the writes that pass through it. */
export async function startProxy(settings: ProxySettings): Promise<Proxy> {
  let calm = false;
  const held = new Set<Promise<void>>();
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = tcpConnect(settings.to, "127.0.0.1");
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
    }
    pair(client, upstream, settings, () => calm, held);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    calm: async () => {
      calm = true;
      while (held.size > 0) await Promise.all([...held]);
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await Promise.all([...held]);
    },
  };
}

/** The fate of one message: sent on, or not. */
type Pass = (message: Buffer) => Promise<void>;

function pair(
  client: Socket,
  upstream: Socket,
  { fault, random, rate, struck, now }: ProxySettings,
  calm: () => boolean,
  held: Set<Promise<void>>,
): void {
  let swallowing = false;
  /** The request whose answer is to be struck. */
  let awaited: number | undefined;
  /** Whether the caller is gone and only a late request keeps the connection. */
  let late = false;
  const hold = (work: Promise<void>): void => {
    const done = work.finally(() => held.delete(done));
    held.add(done);
  };
  const strike = (lasts = 0): void => struck(now(), now() + lasts);
  const swallow = (): void => {
    swallowing = true;
    strike(silence);
    hold(
      delay(silence).then(() => {
        client.resetAndDestroy();
        upstream.resetAndDestroy();
      }),
    );
  };
  const request: Pass = async (message) => {
    if (swallowing || late) return;
    const command = commandOf(message);
    if (calm() || command === undefined || random() >= rate) return write(upstream, message);
    const id = message.readInt32LE(4);
    switch (fault) {
      case "lost-request":
        strike();
        client.destroy();
        upstream.destroy();
        return;
      case "lost-reply":
        awaited = id;
        return write(upstream, message);
      case "late-landing": {
        late = true;
        const after = between(random, 50, 800);
        strike(after);
        client.destroy();
        hold(
          delay(after).then(async () => {
            const answered = Promise.race([once(upstream, "data"), once(upstream, "close")]);
            await write(upstream, message);
            await answered.catch(() => undefined);
            upstream.destroy();
          }),
        );
        return;
      }
      case "blackhole":
        if (random() < 0.5) awaited = id;
        else return swallow();
        return write(upstream, message);
      case "reset": {
        strike();
        const bytes = between(random, 1, message.length - 1);
        await write(upstream, message.subarray(0, bytes));
        client.resetAndDestroy();
        upstream.resetAndDestroy();
        return;
      }
      case "slices": {
        const from = now();
        for (let i = 0; i < message.length; i++) {
          await write(upstream, message.subarray(i, i + 1));
          if (i % 16 === 0) await new Promise(setImmediate);
        }
        return struck(from, now());
      }
      case "latency": {
        const lasts = between(random, 30, 250);
        strike(lasts);
        await delay(lasts);
        return write(upstream, message);
      }
    }
  };
  const reply: Pass = async (message) => {
    if (swallowing || late) return;
    if (awaited === undefined || message.readInt32LE(8) !== awaited) return write(client, message);
    if (fault === "blackhole") return swallow();
    strike();
    client.destroy();
    upstream.destroy();
  };
  relay(client, request);
  relay(upstream, reply);
  client.on("close", () => {
    if (!late && !swallowing) upstream.destroy();
  });
  upstream.on("close", () => client.destroy());
}

/** Passes the messages that a socket gets one after another. */
function relay(from: Socket, pass: Pass): void {
  let last = Promise.resolve();
  const frame = framer();
  from.on("data", (bytes) => {
    for (const message of frame(bytes)) last = last.then(() => pass(message));
  });
}

async function write(to: Socket, bytes: Buffer): Promise<void> {
  if (to.destroyed || to.write(bytes)) return;
  await Promise.race([once(to, "drain"), once(to, "close")]).catch(() => undefined);
}
