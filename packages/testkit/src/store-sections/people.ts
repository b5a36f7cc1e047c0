import type { Store, StoreOptions } from "@everdraft/core";
import type { StoreBench } from "./store-bench.ts";

/** A person in a schema version. */
export interface First {
  name: string;
  bio?: string;
  phone?: string;
}
/** A person in a schema version. */
export interface Second {
  bio?: string;
  first: string;
  last: string;
  phone?: string;
}
/** A person in a schema version. */
export interface Third {
  bio?: string;
  first: string;
  last: string;
  phones: string[];
}

/** Long enough that a migration is stored as patches of its own, and not as a whole new state. */
export const bio: string = "wrote the first program ".repeat(20);

/** The options of a store of the third schema. */
export const third: Partial<StoreOptions> = {
  schemaVersion: 3,
  migrations: {
    1: ({ name, ...rest }: First): Second => {
      const [first = "", last = ""] = name.split(" ");
      return { ...rest, first, last };
    },
    2: ({ phone, ...rest }: Second): Third => ({ ...rest, phones: phone === undefined ? [] : [phone] }),
  },
};
/** The first version of "p", in the third schema. */
export const ada: Third = { first: "Ada", last: "Byron", bio, phones: ["1"] };
/** The second version of "p", in the third schema. */
export const lovelace: Third = { first: "Ada", last: "Lovelace", bio, phones: ["1"] };

/** "p" in two versions of schema 1, with a store of that schema and one of schema 3. */
export async function twoOld({
  open,
  port,
}: StoreBench): Promise<Pick<StoreBench, "port"> & { older: Store<First>; newer: Store<Third> }> {
  const older = open<First>();
  await older.create("p", "alice", { name: "Ada Byron", bio, phone: "1" });
  await older.edit("p", "alice", (draft) => void Object.assign(draft, { name: "Ada Lovelace" }));
  return { port, older, newer: open<Third>(third) };
}
