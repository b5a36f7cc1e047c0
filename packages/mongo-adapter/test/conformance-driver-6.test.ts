import { BSON } from "mongodb6";
import { mongoStorage } from "../src/index.ts";
import { newDatabase } from "./support/database.ts";
import { drivers } from "./support/drivers.ts";
import { gaps } from "./support/gaps.ts";
import { describeSetUp } from "./support/prove.ts";
import { samplesOf } from "./support/samples.ts";

describeSetUp(
  {
    name: "mongodb over driver 6",
    samples: samplesOf(BSON),
    gaps,
    open: async () => {
      const made = await drivers["mongodb 6"]?.(newDatabase().databaseName);
      if (made === undefined) throw new Error("there is no such driver");
      const storage = mongoStorage(made.db, { BSON });
      return {
        storage,
        close: async () => {
          await storage.close();
          await made.close();
        },
        reopen: async () => mongoStorage(made.db, { BSON }),
      };
    },
  },
  // a driver can matter to what is sent and to what comes back
  ["append", "views", "views over known ones", "values", "ids", "find and count", "finding documents"],
);
