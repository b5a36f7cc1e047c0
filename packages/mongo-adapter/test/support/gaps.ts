import { workerMongo } from "@everdraft/test-server/vitest";

/**
 * What SecantusDB, a beta that stands in for MongoDB, answers otherwise than MongoDB's manual says. On every
 * other server there are no gaps.
 */
const secantusGaps: readonly string[] = [
  "answers $all of lists, of null and through arrays for every kind of value as the table says",
  "answers $elemMatch with $or for every kind of value as the table says",
  "$all is met by what several elements of a list have together",
  // it reads no date behind the year 9999
  "a snapshot of the last date that there is, of no version of the log, is no ground either",
];

/** The gaps of the server of this run. */
export const gaps: readonly string[] = workerMongo().what.startsWith("SecantusDB") ? secantusGaps : [];
