import fastJsonPatch from "fast-json-patch";
import mongoose from "mongoose";
import { patchHistoryPlugin } from "ts-patch-mongoose";

/** ts-patch-mongoose: a loaded document is changed and saved. It has no call that reads a past state. */
async function open({ uri, database }) {
  let act;
  const failures = [];
  const schema = new mongoose.Schema({ path: String, state: {} }, { minimize: false });
  schema.plugin(patchHistoryPlugin, {
    omit: ["__v"],
    getUser: async () => ({ name: act.by }),
    getReason: async () => act.reason,
    onError: (error) => failures.push(error),
  });
  const Document = mongoose.model("Doc", schema);
  await mongoose.connect(uri, { dbName: database, w: "majority", journal: true });
  await Document.init();
  await mongoose.model("History").init();

  // it wants ids that MongoDB makes
  const ids = new Map();
  // when each version was saved: an edit may have no row, so rows are not counted
  const saved = new Map();
  const history = mongoose.connection.collection("history");
  // a failure to write history is only told to its handler
  const told = () => {
    if (failures.length > 0) throw failures.pop();
  };
  return {
    create: async (id, state, by) => {
      act = by;
      const made = await new Document({ path: id, state }).save();
      ids.set(id, made._id);
      saved.set(id, [new Date()]);
      told();
    },
    replace: async (id, state, by) => {
      act = by;
      const document = await Document.findById(ids.get(id));
      document.set("state", state);
      document.markModified("state");
      await document.save();
      saved.get(id).push(new Date());
      told();
    },
    // by hand: the first row has the whole document
    stateAt: async (id, version) => {
      const createdAt = { $lte: saved.get(id)[version - 1] };
      const rows = await history
        .find({ collectionId: ids.get(id), createdAt })
        .sort({ version: 1 })
        .toArray();
      let document = JSON.parse(JSON.stringify(rows[0].doc));
      for (const { patch } of rows.slice(1))
        document = fastJsonPatch.applyPatch(document, patch, true).newDocument;
      return document.state;
    },
    close: () => mongoose.disconnect(),
  };
}

const { serve } = await import(process.argv[3]);
await serve(open);
