import {
  type EngineConnection,
  type EngineRow,
  type EngineStatement,
  loadEngine,
} from "../../src/engine/engine.ts";

/** Where the adapter looks for the engine of the process. */
const shared = Symbol.for("everdraft.sqlite.engine");

/** Tells of each read of the adapter's engine how many rows, records or views it gave, and of each row that was written. */
export interface Counted {
  readonly read: (rows: number) => void;
  readonly wrote: () => void;
}

/** Has the engine of this process counted from now on, in files that are opened later. */
export async function countEngine(counted: Counted): Promise<void> {
  const engine = await loadEngine();
  const DatabaseSync = new Proxy(engine.DatabaseSync, {
    construct: (target, given) => connectionOf(Reflect.construct(target, given), counted),
  });
  const own: Record<string, unknown> = { DatabaseSync };
  const value = new Proxy(engine, { get: (target, key) => own[String(key)] ?? Reflect.get(target, key) });
  Object.defineProperty(globalThis, shared, { value, configurable: true });
}

/** An object with some of its methods exchanged. The others are called on itself. */
function withMethods<O extends object>(object: O, methods: Partial<O>): O {
  return new Proxy(object, {
    get: (target, key) => {
      const value: unknown = Reflect.get(methods, key) ?? Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function connectionOf(connection: EngineConnection, counted: Counted): EngineConnection {
  return withMethods(connection, {
    prepare: (sql) => statementOf(connection.prepare(sql), counted),
  });
}

function statementOf(statement: EngineStatement, { read, wrote }: Counted): EngineStatement {
  return withMethods(statement, {
    all: (...values) => {
      const rows = statement.all(...values);
      read(rows.reduce((sum, row) => sum + rowsIn(row), 0));
      return rows;
    },
    get: (...values) => {
      const row = statement.get(...values);
      if (row !== undefined) read(rowsIn(row));
      return row;
    },
    run: (...values) => {
      wrote();
      return statement.run(...values);
    },
    iterate: function* (...values) {
      for (const row of statement.iterate(...values)) {
        read(rowsIn(row));
        yield row;
      }
    },
  });
}

/** How many records or views a row joins; 1 where it is one itself. */
function rowsIn({ lengths, facts }: EngineRow): number {
  if (typeof lengths === "string") return lengths.split(",").length;
  return typeof facts === "string" ? JSON.parse(facts).length : 1;
}
