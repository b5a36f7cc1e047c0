import { openBare } from "../bare.ts";
import { handWritten } from "../hand-written-table.ts";
import type { Peer, Place, State } from "./peer.ts";
import { serve } from "./serve.ts";

/** The table of JSON patches written by hand, in the form of the peers. */
function open({ file }: Place): Peer {
  const engine = openBare(file);
  return { ...handWritten<State>(engine), close: () => engine.close() };
}

await serve(open);
