export { type FoundServer, findProgram, findServer } from "./find-server.ts";
export type { Program } from "./program.ts";
export { type OwnServer, type Running, startServer } from "./running-server.ts";
