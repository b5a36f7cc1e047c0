import { fork } from "node:child_process";
import type { Answer, Place, Request } from "./peer.ts";

/** The program of a peer. */
export interface PeerProgram {
  readonly name: string;
  /** Its file. */
  readonly program: string;
  /** Its argument behind the place. */
  readonly argument: string;
}

/** A peer in a process of its own. */
export interface RunningPeer {
  readonly name: string;
  /** Has one call made. One at a time. */
  ask(request: Request): Promise<Answer>;
  /** Closes the peer, so that all it has to store is stored, and ends its process. */
  close(): Promise<void>;
  /** Ends the process at once. */
  kill(): void;
}

/** Starts the process of a peer. */
export async function startPeer(
  { name, program, argument }: PeerProgram,
  place: Place,
): Promise<RunningPeer> {
  const started = fork(program, [JSON.stringify(place), argument]);
  const next = <T>(): Promise<T> =>
    new Promise((resolve, reject) => {
      const gone = (code: number | null): void =>
        reject(new Error(`the process of ${name} ended with ${code}`));
      started.once("exit", gone);
      started.once("message", (message) => {
        started.off("exit", gone);
        resolve(message as T);
      });
    });
  await next();
  const ask = (request: Request): Promise<Answer> => {
    const answer = next<Answer>();
    started.send(request);
    return answer;
  };
  return {
    name,
    ask,
    close: async () => {
      const answer = await ask({ kind: "close" });
      if (answer.kind === "failed") throw new Error(`${name} cannot be closed: ${answer.message}`);
    },
    kill: () => void started.kill("SIGKILL"),
  };
}
