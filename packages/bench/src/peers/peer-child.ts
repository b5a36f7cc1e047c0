import { pathToFileURL } from "node:url";
import { timed } from "../harness.ts";
import type { Answer, OpenPeer, Peer, Place, Request } from "./peer.ts";

// a process of the part `peers`: one library, with a heap and a collector of its own
const [module, opener, place] = process.argv.slice(2) as [string, string, string];
const open = ((await import(pathToFileURL(module).href)) as Record<string, OpenPeer>)[opener] as OpenPeer;
const peer: Peer = await open(JSON.parse(place) as Place);

process.on("message", async (request: Request) => {
  const answer = await answerTo(request).catch(
    (error: unknown): Answer => ({
      kind: "failed",
      message: error instanceof Error ? error.message : `${error}`,
    }),
  );
  process.send?.(answer, () => {
    if (request.kind === "close") process.disconnect();
  });
});
// connections of a peer would keep it running without the one that asks
process.on("disconnect", () => process.exit());
process.send?.("ready");

async function answerTo(request: Request): Promise<Answer> {
  let state: unknown;
  const took = await timed(async () => {
    state = await call(request);
  });
  return request.kind === "stateAt" ? { kind: "done", took, state } : { kind: "done", took };
}

function call(request: Request): unknown {
  switch (request.kind) {
    case "create":
    case "replace":
      return peer[request.kind](request.id, request.state, request.act);
    case "stateAt":
      return peer.stateAt(request.id, request.version);
    case "prepare":
      return peer.prepare?.();
    case "close":
      return peer.close();
  }
}
