import { onTestFinished } from "vitest";
import { type EngineStatement, loadEngine } from "../../src/engine/engine.ts";

/**
 * Until the end of the test, connections that are opened get these statements in place of the engine's own. `change` gives
 * those that it leaves alone as they are.
 */
export async function withStatements(
  change: (sql: string, statement: EngineStatement) => EngineStatement,
): Promise<void> {
  const engine = await loadEngine();
  class Changed extends engine.DatabaseSync {
    override prepare(sql: string): EngineStatement {
      return change(sql, super.prepare(sql));
    }
  }
  // where all copies of the package find it
  const shared = Symbol.for("everdraft.sqlite.engine");
  const replace = (value: unknown) =>
    Object.defineProperty(globalThis, shared, { value, configurable: true, writable: true });
  replace({ ...engine, DatabaseSync: Changed });
  onTestFinished(() => void replace(engine));
}

/** A statement of which some calls are other ones. */
export function statementWith(statement: EngineStatement, other: Partial<EngineStatement>): EngineStatement {
  return {
    all: (...values) => statement.all(...values),
    get: (...values) => statement.get(...values),
    run: (...values) => statement.run(...values),
    iterate: (...values) => statement.iterate(...values),
    setReadBigInts: (enabled) => statement.setReadBigInts(enabled),
    ...other,
  };
}
