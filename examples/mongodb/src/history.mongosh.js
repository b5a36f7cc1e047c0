// #region shell
// who changed o-1, when and why, and the changes themselves
db.getCollection("orders.events")
  .find({ doc: "o-1" }, { _id: 0, version: 1, at: 1, by: 1, reason: 1, patches: 1 })
  .sort({ version: 1 });
// #endregion shell
