import { dirname } from "node:path";
import { UsageError } from "../failure.ts";
import type { Session } from "../session.ts";
import { listed } from "../text/text.ts";
import { type Place, placeOf } from "./connect.ts";
import { loadConfig } from "./load-config.ts";
import { givenUri, placeOfUri } from "./targets.ts";

/** A SQLite file that stores are kept in, whether or not it is there. */
export interface StoreFile {
  /** Its whole path. */
  readonly path: string;
  /** As it is shown. */
  readonly shown: string;
}

/**
 * The one SQLite file that the command line names, with all its collections. Throws UsageError where there are several, or
 * the store is elsewhere.
 */
export async function findFile(session: Session): Promise<StoreFile> {
  const uri = givenUri(session);
  const [place, ...others] = uri === undefined ? await placesOfConfig(session) : [placeOfUri(session, uri)];
  if (place === undefined || others.length > 0) {
    const files = [place, ...others].flatMap((file) => (file === undefined ? [] : [file.shown]));
    throw new UsageError(`The config has stores in several places, ${listed(files)}: name one by --store.`);
  }
  const { file: path, shown } = place;
  if (path !== undefined) return { path, shown };
  throw new UsageError(
    `${shown} is no SQLite file. A MongoDB is backed up by mongodump: docs/operations.md says how, step by step.`,
  );
}

/** Where the stores of the config are, each place once. */
async function placesOfConfig({ flags, terminal, redaction }: Session): Promise<readonly Place[]> {
  const { config, file } = await loadConfig(terminal.cwd, flags.config);
  const names = Object.keys(config.stores).filter(
    (name) => flags.store === undefined || name === flags.store,
  );
  if (names.length === 0)
    throw new UsageError(
      `The config has no store ${JSON.stringify(flags.store)}; it has ${listed(Object.keys(config.stores))}.`,
    );
  const places = new Map<string, Place>();
  try {
    for (const name of names) {
      const uri = config.stores[name]?.uri;
      if (uri === undefined)
        throw new UsageError(
          `The config makes the storage of ${name} itself. Name its file by --uri sqlite:PATH, or call the storage's own backup.`,
        );
      redaction.learn(uri);
      const place = placeOf(uri, dirname(file));
      places.set(place.shown, place);
    }
  } finally {
    await config.close?.();
  }
  return [...places.values()];
}
