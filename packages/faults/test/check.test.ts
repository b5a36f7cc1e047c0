import { createStore } from "@everdraft/core";
import { memoryStorage } from "@everdraft/core/memory";
import { expect, test } from "vitest";
import { check } from "../src/check/check.ts";
import type { Evidence, Kept } from "../src/check/evidence.ts";
import { gather } from "../src/gather.ts";
import { type Invoked, type Kind, memoryJournal, now, type Recorded } from "../src/history.ts";
import { perform } from "../src/writer/perform.ts";
import type { Log } from "../src/writer/schedule.ts";

/** A run in which nothing went wrong: create, two edits, reverts, one of which changes nothing, an import, a read. */
async function wholeRun(): Promise<Evidence> {
  const storage = memoryStorage();
  const store = createStore<Log>({ collection: "logs", storage });
  const records: Recorded[] = [];
  const performer = { store, journal: memoryJournal(records), user: "u", timeoutMs: 60_000 };
  const act = (token: string, kind: Kind, more: Partial<Invoked> = {}): Promise<unknown> =>
    perform(performer, { what: "invoke", token, kind, doc: "d", by: "u", at: now(), ...more });
  await act("t1", "create");
  await act("t2", "edit");
  await act("t3", "edit", { key: true });
  await act("t4", "revert", { to: 2 });
  await act("t5", "import", { doc: "i", revisions: 3 });
  await act("t7", "revert", { to: 4, key: true });
  await act("t6", "read");
  await store.close();
  return { records, kept: await gather(storage) };
}

const changeRecords = (change: (record: Recorded) => Recorded | undefined) => (evidence: Evidence) => ({
  ...evidence,
  records: evidence.records.flatMap((record) => change(record) ?? []),
});
const changeKept = (change: (kept: Kept) => Partial<Kept>) => (evidence: Evidence) => ({
  ...evidence,
  kept: evidence.kept.map((kept) => (kept.doc === "d" ? { ...kept, ...change(kept) } : kept)),
});
const add = (record: Recorded) => (evidence: Evidence) => ({
  ...evidence,
  records: [...evidence.records, record],
});
const isEndOf = (token: string, record: Recorded): boolean => record.what === "ok" && record.token === token;

test("a run in which nothing went wrong is found whole, and counted", async () => {
  const { findings, counts } = check(await wholeRun());
  expect(findings).toEqual([]);
  expect(counts).toMatchObject({ tried: 6, acknowledged: 6, failed: 0, indeterminate: 0, lost: 0 });
});

const strange: readonly [string, (evidence: Evidence) => Evidence, string][] = [
  [
    "an acknowledged act that is gone",
    changeKept(({ events }) => ({ events: events.slice(0, -2) })),
    "P3 lost t4",
  ],
  [
    "an act with a key that changed nothing and left no event",
    changeKept(({ events }) => ({ events: events.slice(0, -1) })),
    "P3 lost t7",
  ],
  [
    "an event in two slots",
    changeKept(({ events }) => ({ events: [...events, ...events.slice(-1)] })),
    "P6 doubled t7",
  ],
  [
    "an event of nobody",
    changeRecords((record) => ("token" in record && record.token === "t2" ? undefined : record)),
    "P4 phantom",
  ],
  [
    "a failed act that is there",
    changeRecords((record) =>
      isEndOf("t2", record)
        ? { what: "failed", token: "t2", at: now(), code: "timeout", message: "" }
        : record,
    ),
    "P4 phantom t2",
  ],
  [
    "an act resolved as never that is there",
    (evidence) =>
      add({ what: "resolved", token: "t2", at: now(), outcome: "never" })(
        changeRecords((record) =>
          isEndOf("t2", record)
            ? { what: "indeterminate", token: "t2", at: now(), eventId: "e", version: 2 }
            : record,
        )(evidence),
      ),
    "P4 phantom t2",
  ],
  [
    "a keyed act with two answers",
    add({ what: "ok", token: "t3", at: now(), version: 7, eventId: "e", changed: true }),
    "P6 wrong t3",
  ],
  [
    "an act told another version than it has",
    changeRecords((record) =>
      isEndOf("t2", record) && record.what === "ok" ? { ...record, version: 3 } : record,
    ),
    "P3 wrong t2",
  ],
  [
    "an error that says that the store is damaged",
    (evidence) =>
      add({ what: "failed", token: "t9", at: now(), code: "corrupt_event", message: "" })(
        add({ what: "invoke", token: "t9", doc: "d", kind: "edit", by: "u", at: now() })(evidence),
      ),
    "P5 wrong t9",
  ],
  [
    "an act that stands before one that had ended",
    changeRecords((record) =>
      record.what === "invoke" && record.token === "t2" ? { ...record, at: now() + 1e6 } : record,
    ),
    "P7 wrong t2",
  ],
  [
    "a stale read",
    changeRecords((record) =>
      isEndOf("t6", record) && record.what === "ok" ? { ...record, version: 2 } : record,
    ),
    "P7 wrong t6",
  ],
  [
    "a view that is behind at the end",
    changeKept(({ view }) => ({ view: view && { ...view, version: 3 } })),
    "P9 wrong",
  ],
  ["a view that is gone", changeKept(() => ({ view: undefined })), "P9 wrong"],
  [
    "a view seen that no version has",
    add({ what: "view", doc: "d", at: now(), version: 2, head: "?", state: {} }),
    "P9 wrong",
  ],
  [
    "a log that was another one before",
    add({ what: "log", doc: "d", at: now(), hashes: ["?"] }),
    "P11 wrong",
  ],
  [
    "a command that changes the log",
    add({ what: "log-changed", at: now(), command: "delete logs.events" }),
    "P11 wrong",
  ],
  [
    "a sealed answer that became another",
    add({ what: "past", doc: "d", at: now(), date: Date.now() + 1e6, version: 2, sealed: true, state: {} }),
    "P10 wrong",
  ],
  [
    "a hole",
    changeKept(({ events }) => ({ events: events.filter(({ version }) => version !== 2) })),
    "P2 wrong",
  ],
  [
    "an event that was changed",
    changeKept(({ events }) => ({ events: events.map((event) => ({ ...event, by: "mallory" })) })),
    "P2 wrong",
  ],
  [
    "an event that is not what its act asked for",
    changeRecords((record) =>
      record.what === "invoke" && record.token === "t4" ? { ...record, to: 1 } : record,
    ),
    "P12 wrong t4",
  ],
];

test.each(strange)("%s is found and named", async (_, tamper, expected) => {
  const { findings } = check(tamper(await wholeRun()));
  expect(findings.map(({ promise, kind, act }) => [promise, kind, act].filter(Boolean).join(" "))).toContain(
    expected,
  );
});

test("two views that fall are told of unless the document was deleted meanwhile", async () => {
  const evidence = await wholeRun();
  const events = evidence.kept.find(({ doc }) => doc === "d")?.events ?? [];
  const seen = (version: number, tokens: string[]): Recorded => {
    return {
      what: "view",
      doc: "d",
      at: now(),
      version,
      head: events[version - 1]?.hash ?? "",
      state: { tokens },
    };
  };
  const fell = add(seen(2, ["t1", "t2"]))(add(seen(3, ["t1", "t2", "t3"]))(evidence));
  expect(check(fell).findings.map(({ promise }) => promise)).toEqual(["P8"]);
});
