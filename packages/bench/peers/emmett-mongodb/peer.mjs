import { CommandHandler } from "@event-driven-io/emmett";
import { getMongoDBEventStore, toStreamName } from "@event-driven-io/emmett-mongodb";
import fastJsonPatch from "fast-json-patch";
import { MongoClient } from "mongodb";

const initialState = () => ({ state: undefined });

/** The application chooses its events: here the first state, and a JSON patch for each edit. */
const evolve = ({ state }, { type, data }) => ({
  state: type === "Created" ? data.state : fastJsonPatch.applyPatch(state, data.patch).newDocument,
});

/** Emmett: an edit is a command, for which the stream is read and folded; a past state is the fold of a part of it. */
async function open({ uri, database }) {
  const client = await new MongoClient(uri, { writeConcern: { w: "majority", journal: true } }).connect();
  const storage = { type: "COLLECTION_PER_STREAM_TYPE", databaseName: database };
  const events = getMongoDBEventStore({ client, storage });
  const streamOf = (id) => toStreamName("doc", id);
  const handle = CommandHandler({ evolve, initialState, mapToStreamId: streamOf });
  return {
    create: (id, state, act) =>
      handle(events, id, () => [{ type: "Created", data: { state }, metadata: act }]),
    replace: (id, state, act) =>
      handle(events, id, (before) => [
        { type: "Edited", data: { patch: fastJsonPatch.compare(before.state, state) }, metadata: act },
      ]),
    stateAt: async (id, version) => {
      const options = { evolve, initialState, read: { to: BigInt(version) } };
      return (await events.aggregateStream(streamOf(id), options)).state.state;
    },
    close: () => client.close(),
  };
}

const { serve } = await import(process.argv[3]);
await serve(open);
