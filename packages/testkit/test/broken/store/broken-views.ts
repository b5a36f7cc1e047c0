import { givingViews, type Plant, writingViews } from "./plant.ts";

/** Views that break one promise each. */
export const brokenViews: readonly Plant[] = [
  [
    ["reading states"],
    "gives views in an order of its own",
    ({ views }) => ({ views: { get: async (...given) => (await views.get(...given)).toReversed() } }),
  ],
  [
    ["blanks"],
    "takes the slot of a view for the version that readers are told",
    givingViews((view) => ({ ...view, changed: view.version })),
  ],
  [
    ["migrating documents", "finding documents of older schemas"],
    "gives all views the first schema",
    givingViews((view) => ({ ...view, schema: 1 })),
  ],
  [
    ["views that are left alone"],
    "writes over views that another program changed",
    writingViews(async ({ view, over, found, write }) =>
      write(((await found())?.version ?? 0) < view.version ? "any" : over),
    ),
  ],
  [
    ["views that are left alone"],
    "takes any view of a version for the one to write",
    writingViews(async ({ view, over, found, write }) =>
      ((await found())?.version ?? 0) >= view.version ? "current" : write(over),
    ),
  ],
  [
    ["views that are left alone"],
    "puts a view back that another program took away",
    writingViews(({ over, write }) => write(over)),
  ],
  [
    ["views that were written to directly", "views that are left alone"],
    "lets no version of a view fall",
    ({ views }) => ({ views: { write: (view, _, call) => views.write(view, "lower", call) } }),
  ],
  [
    ["views that are behind their log"],
    "says of views that they are written",
    () => ({ views: { write: async () => "current" } }),
  ],
  [
    [
      "reading states",
      "life and death",
      "many writes at once in one process",
      "finding documents of newer schemas",
      "migrating documents",
    ],
    "leaves the views of deleted documents",
    writingViews(async ({ view, over, write }) => (view.state === undefined ? "current" : write(over))),
  ],
  [
    [
      "life and death",
      "documents that were taken away or put back directly",
      "finding documents of older schemas",
    ],
    "gives no views without a history",
    ({ views }) => ({
      views: {
        get: async (...given) =>
          (await views.get(...given)).map((view) => (view?.version === 0 ? undefined : view)),
        find: async (...given) => (await views.find(...given)).filter(({ version }) => version > 0),
      },
    }),
  ],
];
