import { workerMongo } from "@everdraft/test-server/vitest";

const { allAcrossElements, elemMatchWithOr, lateDates } = workerMongo().abilities;

/** What the server of this run answers otherwise than MongoDB's manual says, as far as it was tried. */
export const gaps: readonly string[] = [
  ...(allAcrossElements
    ? []
    : [
        "answers $all of lists, of null and through arrays for every kind of value as the table says",
        "$all is met by what several elements of a list have together",
      ]),
  ...(elemMatchWithOr ? [] : ["answers $elemMatch with $or for every kind of value as the table says"]),
  ...(lateDates
    ? []
    : ["a snapshot of the last date that there is, of no version of the log, is no ground either"]),
];
