import type { Plant } from "./plant.ts";

/** Finds and counts that break one promise each. */
export const brokenFinds: readonly Plant[] = [
  [
    ["finding documents", "the collection at a date"],
    "sorts upwards only",
    ({ views }) => ({
      views: {
        find: (query, call) => views.find({ ...query, sort: query.sort.map(([path]) => [path, 1]) }, call),
      },
    }),
  ],
  [
    [
      "finding documents",
      "names at the top that begin with $",
      "finding documents of older schemas",
      "finding documents of newer schemas",
      "the collection at a date",
      "finding deleted documents",
    ],
    "does not sort",
    ({ views }) => ({ views: { find: (query, call) => views.find({ ...query, sort: [] }, call) } }),
  ],
  [
    [
      "finding documents",
      "documents that were taken away or put back directly",
      "finding documents of older schemas",
      "finding documents of newer schemas",
      "the collection at a date",
      "finding deleted documents",
    ],
    "takes no notice of the filter",
    ({ views }) => ({ views: { find: (query, call) => views.find({ ...query, filter: {} }, call) } }),
  ],
  [
    ["finding documents of older schemas", "finding documents of newer schemas"],
    "takes no notice of the schemas that are asked for",
    ({ views }) => ({ views: { find: ({ schema: _, ...query }, call) => views.find(query, call) } }),
  ],
  [
    ["pages of lists", "iterating over what changes"],
    "leaves out the document behind each page",
    ({ views }) => ({
      views: {
        find: async (query, call) => (await views.find(query, call)).slice(query.after === undefined ? 0 : 1),
      },
    }),
  ],
  [
    ["pages of lists", "iterating over what changes"],
    "goes on behind a page by id alone",
    ({ views }) => ({
      views: {
        find: async ({ after, limit, ...query }, call) => {
          const found = await views.find({ ...query, limit: 10_000 }, call);
          return found
            .filter(({ id }) => after === undefined || String(id) > String(after.id))
            .slice(0, limit);
        },
      },
    }),
  ],
  [
    [
      "finding documents",
      "finding documents of older schemas",
      "finding documents of newer schemas",
      "the collection at a date",
    ],
    "counts all documents",
    ({ views }) => ({ views: { count: (_, call, schema) => views.count({}, call, schema) } }),
  ],
];
