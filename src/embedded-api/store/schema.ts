import type { DatabaseSync } from 'node:sqlite';
import { CREATE_INDEXES, DROP_INDEXES } from './indexes.ts';
import { DETAIL_TABLES, RUNS } from './tables.ts';

/** Incremented when the meaning of a column changes; stored in SQLite's `user_version`. */
const SCHEMA_VERSION = 1;

const TABLES = [RUNS, ...DETAIL_TABLES.map(({ columns }) => columns)];

/** Deliberately without foreign keys and checks: rows that Letta rejects must be storable. */
const CREATE_TABLES = TABLES.map(
  ({ table, definitions }) =>
    `CREATE TABLE IF NOT EXISTS ${table} (${definitions.join(', ')}, UNIQUE (id)) STRICT;`,
).join('\n');

const CREATE_DETAIL_INDEXES = DETAIL_TABLES.flatMap(({ indexes }) => indexes)
  .map((index) => `CREATE INDEX IF NOT EXISTS ${index};`)
  .join('\n');

/**
 * Creates the tables in an empty database, or adds missing tables, columns and indexes to an existing one; added
 * columns are null in existing rows.
 * @throws Error for a database of another version or another program.
 */
export function prepareSchema(database: DatabaseSync): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (version !== 0 && version !== SCHEMA_VERSION) {
    throw new Error(`expected schema version ${SCHEMA_VERSION}, but got ${version}`);
  }
  if (version === 0 && database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined) {
    throw new Error('the database belongs to another program: it has tables, but no schema version');
  }
  database.exec(`BEGIN; ${CREATE_TABLES}`);
  addMissingColumns(database);
  database.exec(`${CREATE_INDEXES} ${CREATE_DETAIL_INDEXES}`);
  if (version === 0) database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  database.exec('COMMIT');
}

function addMissingColumns(database: DatabaseSync): void {
  for (const { table, names, definitions } of TABLES) {
    const info = database.prepare(`PRAGMA table_info(${table})`).all();
    const present = new Set(info.map(({ name }) => name));
    for (const [at, definition] of definitions.entries()) {
      if (!present.has(names[at] ?? '')) database.exec(`ALTER TABLE ${table} ADD COLUMN ${definition}`);
    }
  }
}

/** Runs `fill` in a transaction, or in the one that has begun already. */
export function inTransaction(database: DatabaseSync, fill: () => void): void {
  if (database.isTransaction) return fill();
  database.exec('BEGIN');
  try {
    fill();
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/**
 * Runs `fill`, which inserts runs, in a transaction. The indexes of an empty table are built afterwards, which
 * saves about a quarter of the time of a bulk insert.
 */
export function fillRuns(database: DatabaseSync, fill: () => void): void {
  const empty = database.prepare('SELECT 1 FROM runs LIMIT 1').get() === undefined;
  inTransaction(database, () => {
    if (empty) database.exec(DROP_INDEXES);
    fill();
    if (empty) database.exec(CREATE_INDEXES);
  });
}
