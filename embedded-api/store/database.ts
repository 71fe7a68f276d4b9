import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { type Kind, KINDS } from './kinds.ts';
import { columnValue, rowEncoder, wireText } from './row-values.ts';

/** Incremented when tables change; stored in SQLite's `user_version`. */
const SCHEMA_VERSION = 3;

/** The number of cached prepared statements, whose texts vary with the filters. */
const MAX_PREPARED = 256;

/** A file that can't be a store of runs. */
class StoreFileError extends Error {
  override readonly name = 'StoreFileError' as const;
}

export type Database = ReturnType<typeof openDatabase>;

/**
 * Opens a database with the tables of all kinds. Disposing closes it.
 * @throws StoreFileError naming the file if it can't be opened, is not a database, or has another schema version
 */
export function openDatabase(file: string) {
  const database = openFile(file);
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    let statement = prepared.get(sql);
    if (statement === undefined) {
      if (prepared.size >= MAX_PREPARED) prepared.clear();
      statement = database.prepare(sql);
      statement.setReadBigInts(true);
      prepared.set(sql, statement);
    }
    return statement;
  };
  /** Returns the number of changed rows. */
  const run = (sql: string, values: readonly SQLInputValue[]): number =>
    Number(prepare(sql).run(...values).changes);
  /** Runs a function in a transaction, or in the one that has begun already. */
  const transaction = (change: () => void): void => {
    if (database.isTransaction) return change();
    database.exec('BEGIN');
    try {
      change();
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  };
  return {
    /** Returns typed rows; whole numbers are bigints. The statements are fixed, so the types are known. */
    rows: <Row>(sql: string, values: readonly SQLInputValue[]): Row[] =>
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- SQLite's types don't know the statement.
      prepare(sql).all(...values) as unknown as Row[],
    run,
    /** Inserts rows in one transaction: all, or none if one is invalid (a duplicate id, an invalid timestamp). */
    insert: (kind: Kind, rows: Iterable<object>): void => {
      const names = [...Object.keys(kind.columns), 'json'];
      const sql = `INSERT INTO ${kind.table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
      transaction(() => {
        const encode = rowEncoder(kind);
        for (const row of rows) run(sql, encode(row));
      });
    },
    /** Changes the columns and keys of the row with an id. @throws Error if there is no such row */
    update: ({ table, columns, keys }: Kind, id: string, patch: object): void => {
      const changed = Object.entries(patch).filter(([, value]) => value !== undefined);
      const own = changed.filter(([name]) => name in columns);
      const sent = changed.filter(([name]) => name in keys);
      const assignments = [
        ...own.map(([name]) => `${name} = ?`),
        ...(sent.length > 0 ? [`json = json_set(json${sent.map(() => ', ?, json(?)').join('')})`] : []),
      ];
      if (assignments.length === 0) return;
      const values = [
        ...own.map(([name, value]) => columnValue(name, value)),
        ...sent.flatMap(([name, value]) => [`$.${name}`, wireText(name, value)]),
      ];
      const changes = run(`UPDATE ${table} SET ${assignments.join(', ')} WHERE id = ?`, [...values, id]);
      if (changes === 0) throw new Error(`expected an existing ${table.slice(0, -1)}, but got: ${id}`);
    },
    transaction,
    [Symbol.dispose](): void {
      prepared.clear();
      if (database.isOpen) database.close();
    },
  };
}

function openFile(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    prepareSchema(database);
    // Bulk inserts don't block readers of the file; losing the last commit in a power failure is acceptable.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -131072;');
    return database;
  } catch (cause) {
    database?.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StoreFileError(`can't open ${file} as a store of runs: ${reason}`, { cause });
  }
}

/** Creates the tables in an empty database. @throws Error for one of another version or another program. */
function prepareSchema(database: DatabaseSync): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (version === SCHEMA_VERSION) return;
  if (version !== 0) throw new Error(`expected schema version ${SCHEMA_VERSION}, but got ${version}`);
  if (database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined) {
    throw new Error('the database belongs to another program: it has tables, but no schema version');
  }
  const statements = KINDS.flatMap(({ table, columns, indexes }) => [
    `CREATE TABLE ${table} (${Object.keys(columns).join(', ')}, json, UNIQUE (id))`,
    ...indexes.map((index) => `CREATE INDEX ${index}`),
  ]);
  database.exec(`BEGIN; ${statements.join('; ')}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
}
