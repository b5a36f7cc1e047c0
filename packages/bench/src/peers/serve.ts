import { timed } from "../harness.ts";
import type { Answer, OpenPeer, Peer, Place, Request } from "./peer.ts";

/**
 * Opens a peer and answers requests to it: a process of the part `peers` has one library, with a heap and a collector of its own.
 * The first argument of the process says where the peer keeps its documents.
 */
export async function serve(open: OpenPeer): Promise<void> {
  const peer = await open(JSON.parse(process.argv[2] ?? "") as Place);
  process.on("message", async (request: Request) => {
    const answer = await answerTo(peer, request).catch(
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
}

async function answerTo(peer: Peer, request: Request): Promise<Answer> {
  let state: unknown;
  const took = await timed(async () => {
    state = await call(peer, request);
  });
  return request.kind === "stateAt" ? { kind: "done", took, state } : { kind: "done", took };
}

function call(peer: Peer, request: Request): unknown {
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
