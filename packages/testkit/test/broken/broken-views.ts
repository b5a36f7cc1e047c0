import type { Break } from "./breaks.ts";

/** Views that break one promise each, by the section of the kit that must notice. */
export const brokenViews: readonly (readonly [section: string, what: string, change: Break])[] = [
  [
    "views",
    "writes without looking at versions",
    ({ views }) => ({ views: { write: (view, _, call) => views.write(view, "any", call) } }),
  ],
  [
    "views",
    "deletes without looking at versions",
    ({ views }) => ({
      views: {
        write: (view, over, call) => views.write(view, view.state === undefined ? "any" : over, call),
      },
    }),
  ],
  [
    "views",
    "lets another view of the same version in",
    ({ views }) => ({
      views: {
        write: async (view, over, call) => {
          const [found] = await views.get([view.id], call);
          return views.write(view, found?.version === view.version ? "any" : over, call);
        },
      },
    }),
  ],
  [
    "views",
    "always calls a write current, though it remembers no deleted versions",
    ({ views }) => ({
      views: {
        write: async (...args) => {
          await views.write(...args);
          return "current";
        },
      },
    }),
  ],
  [
    "views",
    "never lets a version fall, not even for repair",
    ({ views }) => ({ views: { write: (view, _, call) => views.write(view, "lower", call) } }),
  ],
  [
    "views",
    "gives views in the order of ids, not as asked",
    ({ views }) => ({ views: { get: (ids, call) => views.get([...ids].toSorted(), call) } }),
  ],
  [
    "find and count",
    "takes no notice of the filter",
    ({ views }) => ({ views: { find: (query, call) => views.find({ ...query, filter: {} }, call) } }),
  ],
  [
    "find and count",
    "counts all documents",
    ({ views }) => ({ views: { count: (_, call) => views.count({}, call) } }),
  ],
  [
    "find and count",
    "gives one document more than the limit",
    ({ views }) => ({
      views: { find: (query, call) => views.find({ ...query, limit: query.limit + 1 }, call) },
    }),
  ],
  [
    "sorts",
    "puts documents without the field last",
    ({ views }) => ({
      views: {
        find: async (query, call) => {
          const found = await views.find(query, call);
          const [path] = query.sort[0] ?? [""];
          return found.toSorted((a, b) => Number(a.state?.[path] == null) - Number(b.state?.[path] == null));
        },
      },
    }),
  ],
  [
    "sorts",
    "goes on behind a page by id alone",
    ({ views }) => ({
      views: {
        find: async ({ after, ...query }, call) => {
          const found = await views.find({ ...query, limit: 1000 }, call);
          const start = after === undefined ? 0 : found.findIndex(({ id }) => id === after.id) + 1;
          const rest = found
            .slice(start)
            .filter(({ id }) => after === undefined || String(id) > String(after.id));
          return rest.slice(0, query.limit);
        },
      },
    }),
  ],
];
