import { DatabaseSync } from 'node:sqlite';
import { DEFAULT_ACTOR } from '../model/actors.ts';
import type { RunDetails } from '../model/run-details.ts';
import type { NewRun, RunRow, StoredRun } from '../model/run.ts';
import { type AgentStore, createAgentStore } from './agent-store.ts';
import { durationPercentile } from './duration-percentile.ts';
import { lazyDetails } from './lazy-details.ts';
import { type ListQuery, type Position, planList } from './list-query.ts';
import { removeLive } from './live-rows.ts';
import { createMessageStore, type MessageStore } from './message-store.ts';
import { fillRuns, inTransaction, prepareSchema } from './schema.ts';
import { createStatements } from './statements.ts';
import { createStepStore, type StepStore } from './step-store.ts';
import { RUNS } from './tables.ts';

export type { StoredRun } from '../model/run.ts';

export interface RunStore extends Disposable {
  readonly agents: AgentStore;
  readonly steps: StepStore;
  readonly messages: MessageStore;
  /** Inserts runs in one transaction: all, or none if one is invalid (a duplicate id, an invalid timestamp). */
  insert(runs: Iterable<NewRun>): void;
  /** @throws Error if there is no such run. */
  update(id: string, patch: Partial<StoredRun>): void;
  /** Does nothing if there is no such run. */
  delete(id: string): void;
  /** Removes all live runs but the newest, with everything that happened in them. */
  removeLive(kept: number): void;
  /** Runs a function in a transaction. */
  transaction(change: () => void): void;
  /** Counts the runs of the default organization. */
  count(): number;
  list(query: ListQuery): RunRow[];
  /**
   * Returns the duration that a fraction of the measured runs is below, interpolated as PostgreSQL's
   * `percentile_cont`; undefined if no run was measured.
   */
  percentile(fraction: number, query: Pick<ListQuery, 'organizationId' | 'filters'>): number | undefined;
  retrieve(id: string, organizationId: string): RunRow | undefined;
  /** Finds the position of a cursor, in any organization, as in Letta 0.16.7. */
  findPosition(id: string): Position | undefined;
}

interface StoreOptions {
  /** @default in memory */
  readonly file?: string | undefined;
  /** Makes what happened in runs that lack their details. @default none, so that they have no steps */
  readonly makeDetails?: (run: RunRow) => RunDetails;
}

/**
 * Opens a store of runs in a SQLite file, or in memory without one. A missing file is created.
 * @throws Error naming the file if it can't be opened, is not a database, or has another schema version.
 */
export function openStore({ file, makeDetails }: StoreOptions = {}): RunStore {
  const database = openDatabase(file ?? ':memory:');
  const statements = createStatements(database);
  const { rows, run } = statements;
  const transaction = (fill: () => void): void => inTransaction(database, fill);
  const details = {
    steps: createStepStore(statements, transaction),
    messages: createMessageStore(statements, transaction),
  };

  return {
    agents: createAgentStore(statements, transaction),
    ...(makeDetails === undefined ? details : lazyDetails(details, statements, transaction, makeDetails)),
    insert: (runs) => fillRuns(database, () => statements.insert(RUNS, runs)),
    update: (id, patch) => statements.update(RUNS, id, patch),
    delete(id) {
      run('DELETE FROM runs WHERE id = ?', [id]);
    },
    removeLive: (kept) => transaction(() => removeLive(statements, kept)),
    transaction,
    count() {
      const sql = 'SELECT count(*) AS runs FROM runs WHERE organization_id = ?';
      return Number(rows<{ runs: bigint }>(sql, [DEFAULT_ACTOR.organizationId])[0]?.runs);
    },
    list(query) {
      const { sql, values } = planList(query);
      return rows(sql, values);
    },
    percentile: (fraction, query) => durationPercentile(statements, fraction, query),
    retrieve: (id, organizationId) =>
      rows<RunRow>('SELECT * FROM runs WHERE id = ? AND organization_id = ?', [id, organizationId])[0],
    findPosition: (id) =>
      rows<Position>('SELECT created_at AS createdAt, id FROM runs WHERE id = ?', [id])[0],
    [Symbol.dispose]() {
      statements.clear();
      if (database.isOpen) database.close();
    },
  };
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
