import type { DocumentId, Snapshot } from "@everdraft/core/adapter";
import type { Break } from "./breaks.ts";

/** Snapshots, checkpoints and declarations that break one promise each, by the section that must notice. */
export const brokenRecords: readonly (readonly [section: string, what: string, change: Break])[] = [
  [
    "snapshots",
    "finds no snapshot at the moment itself",
    ({ snapshots }) => ({
      snapshots: {
        around: (doc, moment, call) =>
          snapshots.around(
            doc,
            "date" in moment ? { date: moment.date - 1 } : { version: moment.version - 1 },
            call,
          ),
      },
    }),
  ],
  [
    "snapshots",
    "keeps the first of two snapshots of one version",
    ({ snapshots }) => {
      const kept = new Set<string>();
      const put = async (snapshot: Snapshot, ...rest: [never]): Promise<void> => {
        const name = `${snapshot.doc} ${snapshot.version}`;
        if (!kept.has(name)) await snapshots.put(snapshot, ...rest);
        kept.add(name);
      };
      return { snapshots: { put: (snapshot, call) => put(snapshot, call as never) } };
    },
  ],
  [
    "snapshots",
    "drops all snapshots where one was meant",
    ({ snapshots }) => ({
      snapshots: { drop: (doc: DocumentId, _, call) => snapshots.drop(doc, "all", call) },
    }),
  ],
  [
    "checkpoints",
    "adds to a record instead of replacing it",
    ({ checkpoints }) => ({
      checkpoints: {
        put: async (name, value, call) =>
          checkpoints.put(name, { ...(await checkpoints.get(name, call)), ...value }, call),
      },
    }),
  ],
  [
    "checkpoints",
    "keeps records as JSON",
    ({ checkpoints }) => ({
      checkpoints: {
        put: (name, value, call) => checkpoints.put(name, JSON.parse(JSON.stringify(value)), call),
      },
    }),
  ],
  [
    "capabilities",
    "cuts long texts",
    ({ views }) => ({
      views: {
        write: (view, ...rest) => {
          const text = view.state?.text;
          return views.write(
            typeof text === "string" ? { ...view, state: { text: text.slice(0, 1e6) } } : view,
            ...rest,
          );
        },
      },
    }),
  ],
  [
    "capabilities",
    "says behind where it has written the view",
    ({ log }) => ({
      log: {
        commit: async (...args) =>
          (await log.commit(...args)).map((outcome) =>
            outcome.event === "stored" ? { ...outcome, view: "behind" } : outcome,
          ),
      },
    }),
  ],
  ["lifecycle", "answers after the close", () => ({ views: { count: async () => 0 } })],
];
