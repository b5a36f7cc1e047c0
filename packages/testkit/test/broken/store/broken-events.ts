import { givingEvents, type Plant } from "./plant.ts";

/** Logs that give events, or lists of them, otherwise than they were stored. */
export const brokenEvents: readonly Plant[] = [
  [
    ["what a write answers"],
    "forgets the reasons",
    ({ log }) => ({
      log: { read: async (...given) => (await log.read(...given)).map(({ reason: _, ...event }) => event) },
    }),
  ],
  [
    ["importing", "importing while others write", "importing again"],
    "forgets what was said beside an event",
    givingEvents(({ meta: _, ...event }) => event),
  ],
  [
    [
      "what a write answers",
      "values of every kind",
      "names at the top that begin with $",
      "many writes at once in one process",
      "life and death",
      "reverting",
      "blanks",
      "random lives",
      "projections",
      "rebuild",
      "rebuild of a new version",
      "finding what was stored since",
      "verify and inspect",
      "snapshots that are missing or wrong",
      "migrations",
      "migrating documents",
      "views that were written to directly",
      "documents that were taken away or put back directly",
      "views that are behind their log",
      "importing",
      "importing again",
      "importing while others write",
      "resolving writes in doubt",
      "several writers",
      "time",
      "reading states",
      "reading histories",
      "histories longer than a snapshot's interval",
      "views that are left alone",
      "the collection at a date",
      "finding deleted documents",
    ],
    "gives the salts of events in capitals",
    givingEvents((event) => ({ ...event, salt: event.salt.toUpperCase() })),
  ],
  [
    ["time"],
    "gives times that are a millisecond late",
    ({ log }) => ({
      log: {
        read: async (...given) => (await log.read(...given)).map((event) => ({ ...event, at: event.at + 1 })),
      },
    }),
  ],
  [
    ["blanks", "pages of lists", "reverting", "importing"],
    "gives the events of a document newest first",
    ({ log }) => ({ log: { read: async (...given) => (await log.read(...given)).toReversed() } }),
  ],
  [
    ["reading histories", "reading histories with changes", "histories longer than a snapshot's interval"],
    "gives a hundred events at most",
    ({ log }) => ({ log: { read: async (...given) => (await log.read(...given)).slice(0, 100) } }),
  ],
  [
    [
      "reading states",
      "projections",
      "migrations",
      "migrating documents",
      "several writers",
      "closing",
      "finding deleted documents",
    ],
    "reads heads from a copy that is an event behind",
    ({ log }) => ({
      log: {
        head: async (doc, known, call) => {
          const head = await log.head(doc, known, call);
          if (head === undefined || head.version === 1) return head;
          const range = { from: head.version - 1, to: head.version - 1, limit: 1 };
          return (await log.read(doc, range, call))[0];
        },
      },
    }),
  ],
  [
    ["idempotency keys", "resolving writes in doubt"],
    "takes the newest event for that of any id",
    ({ log }) => ({ log: { byId: (doc, _, call) => log.head(doc, 0, call) } }),
  ],
  [
    ["reading the changes of all documents", "pages of lists"],
    "goes on behind a time and not behind an event",
    ({ log }) => ({
      log: {
        changes: async (query, call) => {
          const { after } = query;
          const page = await log.changes(query, call);
          return after === undefined ? page : page.filter(({ at }) => at !== after.at);
        },
      },
    }),
  ],
  [
    ["reading the changes of all documents"],
    "gives changes oldest first only",
    ({ log }) => ({ log: { changes: (query, call) => log.changes({ ...query, order: "oldest" }, call) } }),
  ],
  [
    ["rebuild", "finding what was stored since", "the collection at a date"],
    "has no place in its order for the later events of a document",
    ({ log: { positions } }) => ({
      log: {
        ...(positions !== undefined && {
          positions: {
            newest: positions.newest,
            behind: async (...given) =>
              (await positions.behind(...given)).filter(({ version }) => version === 1),
          },
        }),
      },
    }),
  ],
  [
    ["reading the changes of all documents"],
    "gives the changes of all documents a millisecond late",
    ({ log }) => ({
      log: {
        changes: async (...given) =>
          (await log.changes(...given)).map((event) => ({ ...event, at: event.at + 1 })),
      },
    }),
  ],
];
