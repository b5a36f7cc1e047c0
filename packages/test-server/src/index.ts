export { type FoundServer, findProgram, findServer, type Program } from "./find-server.ts";
export type { ProvidedMongo } from "./provided.ts";
export { type OwnServer, type Running, startServer } from "./running-server.ts";
