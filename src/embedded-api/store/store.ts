import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { DEFAULT_ACTOR } from '../model/actors.ts';
import { FIELD_NAMES } from '../model/fields.ts';
import type { NewRun, RunRow, StoredRun } from '../model/run.ts';
import { encodePatch, encodeRun } from './columns.ts';
import { type ListQuery, type Position, planList } from './list-query.ts';
import { fillInTransaction, prepareSchema } from './schema.ts';

export type { StoredRun } from '../model/run.ts';

/** Statement texts vary with the filters sent; this many are kept prepared. */
const MAX_PREPARED = 256;

export interface RunStore extends Disposable {
  /** In one transaction: all of them, or none when one is refused (a repeated id, an invalid timestamp). */
  insert(runs: Iterable<NewRun>): void;
  /** @throws Error when there is no such run. */
  update(id: string, patch: Partial<StoredRun>): void;
  /** No such run: nothing happens. */
  delete(id: string): void;
  /** The runs of the default organization. */
  count(): number;
  list(query: ListQuery): RunRow[];
  retrieve(id: string, organizationId: string): RunRow | undefined;
  /** The position of a cursor. Not limited to an organization, as in Letta 0.16.7. */
  findPosition(id: string): Position | undefined;
}

/**
 * Opens the runs in a SQLite file, or in memory without one. A file is created when missing.
 * @throws Error naming the file when it can't be opened, is no database, or is one of another version.
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

/** The tables are STRICT and the statements ours, so the shape of a row is known. */
function rows<Row>(statement: StatementSync, values: readonly SQLInputValue[]): Row[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- SQLite's types don't know the statement.
  return statement.all(...values) as unknown as Row[];
}

function openDatabase(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    prepareSchema(database);
    // Readers of the file are not held up by a bulk insert; losing the last commit in a power cut is fine here.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -131072;');
    return database;
  } catch (cause) {
    database?.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`can't open ${file} as a store of runs: ${reason}`, { cause });
  }
}
