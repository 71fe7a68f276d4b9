import type { DatabaseSync } from 'node:sqlite';
import { FIELD_NAMES } from '../model/fields.ts';
import { columnDefinition } from './columns.ts';
import { CREATE_INDEXES, DROP_INDEXES } from './indexes.ts';

/** Incremented when the meaning of a column changes; stored in SQLite's `user_version`. */
const SCHEMA_VERSION = 1;

/** Deliberately without foreign keys and checks: rows that Letta rejects must be storable. */
const CREATE_TABLE = `CREATE TABLE runs (${FIELD_NAMES.map(columnDefinition).join(', ')}, UNIQUE (id)) STRICT;`;

/**
 * Creates the tables in an empty database, or adds missing columns and indexes to an existing one; added columns
 * are null in existing rows.
 * @throws Error for a database of another version or another program.
 */
export function prepareSchema(database: DatabaseSync): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (version === SCHEMA_VERSION) return addMissing(database);
  if (version !== 0) {
    throw new Error(`expected schema version ${SCHEMA_VERSION}, but got ${version}`);
  }
  if (database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined) {
    throw new Error('the database belongs to another program: it has tables, but no schema version');
  }
  database.exec(`BEGIN; ${CREATE_TABLE} ${CREATE_INDEXES} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
}

function addMissing(database: DatabaseSync): void {
  const present = new Set(
    database
      .prepare('PRAGMA table_info(runs)')
      .all()
      .map(({ name }) => name),
  );
  for (const name of FIELD_NAMES) {
    if (!present.has(name)) database.exec(`ALTER TABLE runs ADD COLUMN ${columnDefinition(name)}`);
  }
  database.exec(CREATE_INDEXES);
}

/**
 * Runs `fill` in a transaction. The indexes of an empty table are built afterwards, which saves about a quarter
 * of the time of a bulk insert.
 */
export function fillInTransaction(database: DatabaseSync, fill: () => void): void {
  const empty = database.prepare('SELECT 1 FROM runs LIMIT 1').get() === undefined;
  database.exec('BEGIN');
  try {
    if (empty) database.exec(DROP_INDEXES);
    fill();
    if (empty) database.exec(CREATE_INDEXES);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
