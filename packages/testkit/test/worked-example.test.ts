// #region conformance
import { describeBadInput, describeStorage } from "@everdraft/testkit";
import { lineStorage } from "./worked-example/line-storage.ts";

const open = async () => {
  const disk = new Map();
  const storage = lineStorage(disk);
  return { storage, close: () => storage.close(), reopen: async () => lineStorage(disk) };
};

describeStorage({ name: "lines", open });
describeBadInput({ name: "lines", open });
// #endregion conformance
