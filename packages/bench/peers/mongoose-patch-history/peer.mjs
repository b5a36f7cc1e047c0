import mongoose from "mongoose";
import patchHistory from "mongoose-patch-history";

/** mongoose-patch-history: a loaded document is changed and saved, and rolled back without being saved. */
async function open({ uri, database }) {
  const schema = new mongoose.Schema({ path: String, state: {} }, { minimize: false });
  for (const name of ["by", "reason"]) {
    schema.virtual(name).set(function (value) {
      this[`_${name}`] = value;
    });
  }
  schema.plugin(patchHistory.default, {
    mongoose,
    name: "docPatches",
    includes: { by: { type: String, from: "_by" }, reason: { type: String, from: "_reason" } },
  });
  const Document = mongoose.model("Doc", schema);
  await mongoose.connect(uri, { dbName: database, w: "majority", journal: true });
  await Document.init();
  await Document.Patches.init();

  const ids = new Map();
  // when each version was saved: an edit may have no patch, so patches are not counted
  const saved = new Map();
  // people choose a patch from a list: the list is not read again for each state
  const patches = new Map();
  const patchesOf = async (ref) => {
    const known = patches.get(ref) ?? (await Document.Patches.find({ ref }).sort({ date: 1 }));
    patches.set(ref, known);
    return known;
  };
  return {
    create: async (id, state, { by, reason }) => {
      const made = await new Document({ path: id, state, by, reason }).save();
      ids.set(id, made._id);
      saved.set(id, [new Date()]);
    },
    replace: async (id, state, { by, reason }) => {
      const document = await Document.findById(ids.get(id));
      document.set("state", state);
      document.markModified("state");
      document.by = by;
      document.reason = reason;
      await document.save();
      saved.get(id).push(new Date());
    },
    prepare: async () => {
      for (const id of ids.values()) await patchesOf(id);
    },
    stateAt: async (id, version) => {
      const all = await patchesOf(ids.get(id));
      const patch = all.findLast(({ date }) => date <= saved.get(id)[version - 1]);
      const document = await Document.findById(ids.get(id));
      // it refuses to roll back to the latest patch, whose state is that of the document
      const past = patch === all.at(-1) ? document : await document.rollback(patch.id, {}, false);
      return past.toObject().state;
    },
    close: () => mongoose.disconnect(),
  };
}

const { serve } = await import(process.argv[3]);
await serve(open);
