import { type Act, isChange, tokensOf } from "./acts.ts";
import type { Evidence } from "./evidence.ts";
import type { Finding } from "./finding.ts";
import { type Place, placesOf, tokenOf } from "./log.ts";

/** The codes by which a store may report a fault that is not its own. */
const expected: ReadonlySet<string> = new Set([
  ...["not_found", "deleted", "exists", "absent", "conflict", "version_ahead"],
  ...["timeout", "aborted", "clock_skew", "storage", "storage_busy", "storage_full"],
]);

/** P3, P4, P5, P6: the answers to callers, against the log. */
export function checkActs(acts: readonly Act[], { kept, unguardedSince }: Evidence): Finding[] {
  const places = placesOf(kept);
  const findings = acts.flatMap((act) => [
    ...checkPresence(act, places),
    ...checkAnswers(act, places),
    ...checkCodes(act, unguardedSince !== undefined),
  ]);
  const asked = new Set(acts.flatMap(tokensOf));
  for (const { doc, events } of kept) {
    for (const event of events) {
      const token = tokenOf(event);
      if (event.type === "blank" || (token !== undefined && asked.has(token))) continue;
      const message = `Version ${event.version} is of no act that anybody did.`;
      findings.push({ promise: "P4", kind: "phantom", doc, message });
    }
  }
  return findings;
}

function checkPresence(act: Act, places: ReadonlyMap<string, readonly Place[]>): Finding[] {
  const { token, told, invoked } = act;
  const { doc } = invoked;
  const findings: Finding[] = [];
  const placesOfTokens = tokensOf(act).map((eachToken) => places.get(eachToken) ?? []);
  const add = (kind: Finding["kind"], promise: Finding["promise"], message: string): void =>
    void findings.push({ promise, kind, doc, act: token, message });
  for (const [i, there] of placesOfTokens.entries()) {
    const versions = there.map(({ event }) => event.version).join(", ");
    if (there.length > 1)
      add(
        "doubled",
        act.invoked.key ? "P6" : "P3",
        `It is there ${there.length} times, as versions ${versions}.`,
      );
    if (there.some((place) => place.doc !== doc)) add("wrong", "P3", "It is in another document.");
    if (there.length === 0 && told === "stored") add("lost", "P3", "It was acknowledged and is not there.");
    if (there.length > 0 && told === "nothing")
      add(
        "phantom",
        "P4",
        `It was reported as not stored (${reportOf(act)}) and is there, as version ${versions}.`,
      );
    if (there.length > 0 && i > 0 && placesOfTokens[i - 1]?.length === 0)
      add("wrong", "P1", `Revision ${i + 1} of the import is there without the one before.`);
  }
  return findings;
}

function reportOf({ ends, resolutions }: Act): string {
  const codes = ends.map((end) => ("code" in end ? end.code : end.what));
  return [...codes, ...resolutions.map(({ outcome }) => `resolved: ${outcome}`)].join(", ");
}

/** Every answer that names the event names the one that is there. */
function checkAnswers(act: Act, places: ReadonlyMap<string, readonly Place[]>): Finding[] {
  const { token, invoked, ends, resolutions } = act;
  if (invoked.kind === "import" || invoked.kind === "read") return [];
  const [place] = places.get(token) ?? [];
  if (place === undefined) return [];
  const answers = [
    ...ends.filter(isChange),
    ...resolutions.flatMap(({ version, eventId }) =>
      version === undefined || eventId === undefined ? [] : [{ version, eventId }],
    ),
  ];
  const { version, id } = place.event;
  return answers
    .filter((answer) => answer.version !== version || answer.eventId !== id)
    .map((answer) => ({
      ...({
        promise: answers.length > 1 ? "P6" : "P3",
        kind: "wrong",
        doc: invoked.doc,
        act: token,
      } as const),
      message: `Its caller was told version ${answer.version}, event ${answer.eventId}; it is version ${version}, event ${id}.`,
    }));
}

function checkCodes({ token, invoked, ends }: Act, unguarded: boolean): Finding[] {
  return ends.flatMap((end) => {
    if (end.what !== "failed" && end.what !== "broken") return [];
    if (expected.has(end.code) || (unguarded && unguardedCodes.has(end.code))) return [];
    const message = `It ended with ${end.code}, which the fault does not explain: ${end.message}`;
    return [{ promise: "P5", kind: "wrong", doc: invoked.doc, act: token, message } as const];
  });
}

/** Without its index a store says so, and cannot fold versions that are there twice. */
const unguardedCodes: ReadonlySet<string> = new Set([
  "storage_corrupt",
  "corrupt_event",
  "drift",
  "view_ahead",
  "import_conflict",
]);
