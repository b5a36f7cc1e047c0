import { steps } from "../writer/steps.ts";
import type { Fault } from "./fault.ts";

const hours = 3_600_000;
const plain = { timeoutMs: 8_000, strikes: 8 };
const clocks = { ...plain, clockOffsets: [2 * hours, -2 * hours, 0, 90_000] };
const onSqlite = steps.filter((step) => step !== "event stored, view not" && step !== "view sent");

/** The faults of each storage, by name. */
export const faults: Readonly<Record<"mongodb" | "sqlite", readonly Fault[]>> = {
  mongodb: [
    { name: "none", ...plain },
    { name: "lost-request", ...plain, timeoutMs: 4_000 },
    { name: "lost-reply", ...plain, timeoutMs: 4_000 },
    { name: "late-landing", ...plain, timeoutMs: 1_000 },
    { name: "blackhole", ...plain, timeoutMs: 1_500 },
    { name: "reset", ...plain, timeoutMs: 4_000 },
    { name: "slices", ...plain },
    { name: "latency", ...plain },
    { name: "server-stopped", ...plain, timeoutMs: 1_500, strikes: 4 },
    { name: "server-killed", ...plain, timeoutMs: 4_000, strikes: 3 },
    { name: "writer-killed", ...plain, ends: steps, strikes: steps.length },
    { name: "clocks", ...clocks },
    { name: "index-dropped", ...plain, strikes: 1, unguarded: true },
    { name: "disk-full", ...plain, timeoutMs: 4_000, strikes: 2 },
    { name: "failpoint-close", ...plain },
    { name: "failpoint-write-concern", ...plain },
  ],
  sqlite: [
    { name: "none", ...plain },
    { name: "writer-killed", ...plain, ends: onSqlite, strikes: onSqlite.length },
    { name: "import-killed", ...plain, ends: ["inside an import"], strikes: 4 },
    { name: "killed-anywhere", ...plain, endedAnywhere: true },
    { name: "busy", ...plain, timeoutMs: 700 },
    { name: "clocks", ...clocks },
    { name: "disk-full", ...plain, timeoutMs: 2_000, strikes: 3 },
  ],
};
