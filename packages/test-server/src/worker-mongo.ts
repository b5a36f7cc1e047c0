import { inject } from "vitest";
import type { ProvidedMongo } from "./provided.ts";

/** The MongoDB that a test uses. */
export interface WorkerMongo extends Omit<ProvidedMongo, "uris"> {
  readonly uri: string;
}

/** The MongoDB for the tests of this file: those of files that run beside it mostly have another server. */
export function workerMongo(): WorkerMongo {
  const { uris, ...rest } = inject("mongo");
  // workers are numbered from 1
  const worker = Number(process.env.VITEST_POOL_ID ?? 1) - 1;
  return { ...rest, uri: uris[worker % uris.length] as string };
}
