import type { Call, DocumentId, EventLog, StoredEvent, StoredPlace } from "@everdraft/core/adapter";
import type { Break } from "./breaks.ts";

const whole = { from: 1, to: Number.MAX_SAFE_INTEGER, limit: Number.MAX_SAFE_INTEGER };

/** Reads of the log that break one promise each, by the section of the kit that must notice. */
export const brokenReads: readonly (readonly [section: string, what: string, change: Break])[] = [
  [
    "order and ranges",
    "leaves out the upper bound",
    ({ log }) => ({
      log: { read: (doc, range, call) => log.read(doc, { ...range, to: range.to - 1 }, call) },
    }),
  ],
  [
    "order and ranges",
    "takes the upper bound for a count",
    ({ log }) => ({
      log: { read: (doc, { from, to }, call) => log.read(doc, { ...whole, from, limit: to }, call) },
    }),
  ],
  [
    "order and ranges",
    "orders versions as texts",
    ({ log }) => ({
      log: {
        read: async (doc, { from, to, limit }, call) =>
          (await log.read(doc, whole, call))
            .toSorted((a, b) => String(a.version).localeCompare(String(b.version)))
            .filter(({ version }) => version >= from && version <= to)
            .slice(0, limit),
      },
    }),
  ],
  [
    "order and ranges",
    "takes the version that the caller has seen for the head",
    ({ log }) => ({
      log: {
        head: async (doc, known, call) => {
          const [seen] = known === 0 ? [] : await log.read(doc, { from: known, to: known, limit: 1 }, call);
          return seen ?? log.head(doc, known, call);
        },
      },
    }),
  ],
  [
    "order and ranges",
    "lists the document behind which a page begins once more",
    ({ log }) => ({
      log: {
        documents: async (page, call) => {
          const rest = await log.documents(page, call);
          return page.after === undefined ? rest : [page.after, ...rest].slice(0, page.limit);
        },
      },
    }),
  ],
  [
    "changes",
    "goes on behind a page by time alone",
    ({ log }) => ({
      log: {
        changes: async ({ after, ...query }, call) => {
          const found = await log.changes({ ...query, limit: 1000 }, call);
          const beyond = (event: StoredEvent): boolean =>
            after === undefined || (query.order === "oldest" ? event.at > after.at : event.at < after.at);
          return found.filter(beyond).slice(0, query.limit);
        },
      },
    }),
  ],
  [
    "changes",
    "leaves out the lower bound",
    ({ log }) => ({
      log: {
        changes: (query, call) =>
          log.changes({ ...query, ...(query.from !== undefined && { from: query.from + 1 }) }, call),
      },
    }),
  ],
  [
    "changes",
    "looks at the user after it has cut the page",
    ({ log }) => ({
      log: {
        changes: async ({ by, ...query }, call) => {
          const found = await log.changes(query, call);
          return by === undefined ? found : found.filter((event) => event.by === by);
        },
      },
    }),
  ],
  [
    "changes",
    "turns the order of time around, but not that of documents",
    ({ log }) => ({
      log: {
        changes: async (query, call) => {
          const found = await log.changes({ ...query, order: "oldest" }, call);
          return query.order === "oldest" ? found : found.toSorted((a, b) => b.at - a.at);
        },
      },
    }),
  ],
  [
    "positions",
    "orders what was stored by its documents",
    ({ log }) => ({
      log: inOrder(log, async (all) => {
        const sorted = all.toSorted((a, b) => (String(a.doc) < String(b.doc) ? -1 : 1));
        return sorted.map((place, i) => ({ ...place, position: i + 1 }));
      }),
    }),
  ],
  [
    "positions",
    "begins at a position, and not behind it",
    ({ log: { positions } }) => ({
      log: {
        ...(positions !== undefined && {
          positions: { ...positions, behind: (position, ...rest) => positions.behind(position - 1, ...rest) },
        }),
      },
    }),
  ],
  [
    "positions",
    "has no place for the later ones of a chain",
    ({ log }) => ({ log: inOrder(log, async (all) => all.filter(({ version }) => version === 1)) }),
  ],
  [
    "ids",
    "takes no notice of case",
    ({ log }) => ({
      log: {
        read: async (doc, ...rest) => log.read(typeof doc === "string" ? doc.toLowerCase() : doc, ...rest),
      },
    }),
  ],
  [
    "ids",
    "takes a text for the number that it spells",
    ({ views }) => ({
      views: {
        get: (all, call) =>
          views.get(
            all.map((id) => (typeof id === "number" ? String(id) : id)),
            call,
          ),
      },
    }),
  ],
  [
    "ids",
    "orders texts by their UTF-16 units",
    ({ log }) => ({
      log: {
        documents: async ({ after, limit }, call) => {
          const all = await log.documents({ limit: 1000 }, call);
          const numbers = all.filter((id) => typeof id === "number");
          const texts = all.filter((id) => typeof id === "string").toSorted();
          const sorted: DocumentId[] = [...numbers, ...texts];
          const start = after === undefined ? 0 : sorted.indexOf(after) + 1;
          return sorted.slice(start, start + limit);
        },
      },
    }),
  ],
];

/** The order of storing as something else has it. */
function inOrder(
  { positions }: EventLog,
  change: (all: readonly StoredPlace[]) => Promise<readonly StoredPlace[]>,
): Pick<EventLog, "positions"> {
  if (positions === undefined) return {};
  const all = async (call: Call) => change(await positions.behind(0, 1_000, call));
  return {
    positions: {
      newest: async (call) => (await all(call)).at(-1),
      behind: async (position, limit, call) =>
        (await all(call)).filter((place) => place.position > position).slice(0, limit),
    },
  };
}
