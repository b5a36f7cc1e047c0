import fastJsonPatch from "fast-json-patch";
import mongoose from "mongoose";
import { patchHistoryPlugin } from "ts-patch-mongoose";

/** ts-patch-mongoose: a loaded document is changed and saved. It has no call that reads a past state. */
export async function open({ uri, database }) {
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
      told();
    },
    replace: async (id, state, by) => {
      act = by;
      const document = await Document.findById(ids.get(id));
      document.set("state", state);
      document.markModified("state");
      await document.save();
      told();
    },
    // by hand: its versions count from 0, and the first row has the whole document
    stateAt: async (id, version) => {
      const rows = await history
        .find({ collectionId: ids.get(id), version: { $lt: version } })
        .sort({ version: 1 })
        .toArray();
      if (rows.length !== version) throw new Error("its history has not as many rows as there were edits");
      let document = JSON.parse(JSON.stringify(rows[0].doc));
      for (const { patch } of rows.slice(1))
        document = fastJsonPatch.applyPatch(document, patch, true).newDocument;
      return document.state;
    },
    close: () => mongoose.disconnect(),
  };
}
