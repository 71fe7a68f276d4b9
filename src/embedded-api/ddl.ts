import type { DatabaseSync } from 'node:sqlite';

/** Counted up when the tables change; kept in SQLite's `user_version`. */
const SCHEMA_VERSION = 1;

/** There are no foreign keys or checks on purpose: rows that Letta refuses must be storable. */
const TABLE = `
  CREATE TABLE runs (
    id TEXT NOT NULL UNIQUE,
    organization_id TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    created_at TEXT NOT NULL,
    status TEXT NOT NULL,
    completed_at TEXT,
    conversation_id TEXT,
    base_template_id TEXT,
    background INTEGER,
    metadata TEXT,
    request_config TEXT,
    stop_reason TEXT,
    callback_url TEXT,
    callback_sent_at TEXT,
    callback_status_code INTEGER,
    callback_error TEXT,
    ttft_ns INTEGER,
    total_duration_ns INTEGER,
    run_ns INTEGER,
    num_steps INTEGER
  ) STRICT`;

/**
 * Every index ends in `(created_at, id)`, the total order of all lists, so that a page starts with one look-up
 * and is read in order.
 */
const INDEXES = `
  CREATE INDEX runs_by_time ON runs (organization_id, created_at, id);
  CREATE INDEX runs_by_agent ON runs (organization_id, agent_id, created_at, id);
  CREATE INDEX runs_by_status ON runs (organization_id, status, created_at, id);
  CREATE INDEX runs_by_stop_reason ON runs (organization_id, stop_reason, created_at, id)
    WHERE stop_reason IS NOT NULL;
  CREATE INDEX runs_by_conversation ON runs (organization_id, conversation_id, created_at, id)
    WHERE conversation_id IS NOT NULL;`;

const DROP_INDEXES = `
  DROP INDEX runs_by_time;
  DROP INDEX runs_by_agent;
  DROP INDEX runs_by_status;
  DROP INDEX runs_by_stop_reason;
  DROP INDEX runs_by_conversation;`;

/**
 * Creates the tables in an empty database and recognises its own.
 * @throws Error for a database of another version or another program.
 */
export function prepareSchema(database: DatabaseSync): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (version === SCHEMA_VERSION) return;
  if (version !== 0) {
    throw new Error(`expected runs schema version ${SCHEMA_VERSION}, but got: ${version}`);
  }
  if (database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined) {
    throw new Error('the database belongs to another program: it has tables, but no schema version');
  }
  database.exec(`BEGIN; ${TABLE}; ${INDEXES} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
}

/**
 * Runs `fill` in a transaction. The indexes of an empty table are built afterwards, which spares a bulk insert
 * about a quarter of its time.
 */
export function fillInTransaction(database: DatabaseSync, fill: () => void): void {
  const empty = database.prepare('SELECT 1 FROM runs LIMIT 1').get() === undefined;
  database.exec('BEGIN');
  try {
    if (empty) database.exec(DROP_INDEXES);
    fill();
    if (empty) database.exec(INDEXES);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
