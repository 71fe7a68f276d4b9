import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { DEFAULT_ACTOR } from '../model/actors.ts';
import { FIELD_NAMES } from '../model/fields.ts';
import type { NewRun, RunRow, StoredRun } from '../model/run.ts';
import { encodePatch, encodeRun } from './columns.ts';
import { type ListQuery, type Position, planList } from './list-query.ts';
import { fillInTransaction, prepareSchema } from './schema.ts';

export type { StoredRun } from '../model/run.ts';

/** The number of cached prepared statements, whose texts vary with the filters. */
const MAX_PREPARED = 256;

export interface RunStore extends Disposable {
  /** Inserts runs in one transaction: all, or none if one is invalid (a duplicate id, an invalid timestamp). */
  insert(runs: Iterable<NewRun>): void;
  /** @throws Error if there is no such run. */
  update(id: string, patch: Partial<StoredRun>): void;
  /** Does nothing if there is no such run. */
  delete(id: string): void;
  /** Counts the runs of the default organization. */
  count(): number;
  list(query: ListQuery): RunRow[];
  retrieve(id: string, organizationId: string): RunRow | undefined;
  /** Finds the position of a cursor, in any organization, as in Letta 0.16.7. */
  findPosition(id: string): Position | undefined;
}

/**
 * Opens a store of runs in a SQLite file, or in memory without one. A missing file is created.
 * @throws Error naming the file if it can't be opened, is not a database, or has another schema version.
 */
export function openStore({ file }: { file?: string } = {}): RunStore {
  const database = openDatabase(file ?? ':memory:');
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
  const insertSql = `INSERT INTO runs (${FIELD_NAMES.join(', ')}) VALUES (${FIELD_NAMES.map(() => '?').join(', ')})`;

  return {
    insert(runs) {
      fillInTransaction(database, () => {
        const statement = prepare(insertSql);
        for (const run of runs) statement.run(...encodeRun(run));
      });
    },
    update(id, patch) {
      const changed = encodePatch(patch);
      if (changed.length === 0) return;
      const assignments = changed.map(({ name }) => `${name} = ?`).join(', ');
      const values = changed.map(({ value }) => value);
      const { changes } = prepare(`UPDATE runs SET ${assignments} WHERE id = ?`).run(...values, id);
      if (Number(changes) === 0) throw new Error(`expected an existing run, but got: ${id}`);
    },
    delete(id) {
      prepare('DELETE FROM runs WHERE id = ?').run(id);
    },
    count() {
      const row = prepare('SELECT count(*) AS runs FROM runs WHERE organization_id = ?').get(
        DEFAULT_ACTOR.organizationId,
      );
      return Number(row?.runs);
    },
    list(query) {
      const { sql, values } = planList(query);
      return rows<RunRow>(prepare(sql), values);
    },
    retrieve(id, organizationId) {
      const statement = prepare('SELECT * FROM runs WHERE id = ? AND organization_id = ?');
      return rows<RunRow>(statement, [id, organizationId])[0];
    },
    findPosition(id) {
      const statement = prepare('SELECT created_at AS createdAt, id FROM runs WHERE id = ?');
      return rows<Position>(statement, [id])[0];
    },
    [Symbol.dispose]() {
      prepared.clear();
      if (database.isOpen) database.close();
    },
  };
}

/** Returns typed rows: the tables are STRICT and the statements fixed, so the types are known. */
function rows<Row>(statement: StatementSync, values: readonly SQLInputValue[]): Row[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- SQLite's types don't know the statement.
  return statement.all(...values) as unknown as Row[];
}

function openDatabase(file: string): DatabaseSync {
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
    throw new Error(`can't open ${file} as a store of runs: ${reason}`, { cause });
  }
}
