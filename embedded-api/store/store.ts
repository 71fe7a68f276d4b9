import { DEFAULT_ACTOR } from '../model/actors.ts';
import type { AgentRow, NewAgent, NewRun, Position, RunDetails, RunRow, StoredRun } from '../model/rows.ts';
import { openDatabase } from './database.ts';
import { createDetails } from './details.ts';
import { AGENTS, RUNS } from './kinds.ts';
import { type ListQuery, planList } from './list-query.ts';

export type { StoredRun } from '../model/rows.ts';

export type RunStore = ReturnType<typeof openStore>;

interface StoreOptions {
  /** @default in memory */
  readonly file?: string | undefined;
  /** Makes what happened in runs that lack their details. @default none, so that they have no steps */
  readonly makeDetails?: (run: RunRow) => RunDetails;
}

/**
 * Opens a store of runs in a SQLite file, or in memory without one. A missing file is created. What is inserted is
 * inserted as a whole, or not at all if one of it is invalid (a duplicate id, an invalid timestamp); an update of
 * what isn't there is an Error.
 * @throws StoreFileError naming the file if it can't be one
 */
export function openStore({ file = ':memory:', makeDetails }: StoreOptions = {}) {
  const database = openDatabase(file);
  const { rows, run, insert, update, transaction } = database;
  return {
    agents: {
      insert: (agents: Iterable<NewAgent>): void => insert(AGENTS, Array.from(agents, withModel)),
      update: (id: string, patch: object): void => update(AGENTS, id, patch),
      /** Returns all agents of an organization, in no order. */
      all: (organizationId: string): AgentRow[] =>
        rows('SELECT * FROM agents WHERE organization_id = ?', [organizationId]),
      /** Finds an agent in any organization. */
      find: (id: string): AgentRow | undefined =>
        rows<AgentRow>('SELECT * FROM agents WHERE id = ?', [id])[0],
    },
    ...createDetails(database, makeDetails),
    insert: (runs: Iterable<NewRun>): void => insert(RUNS, runs),
    update: (id: string, patch: Partial<StoredRun>): void => update(RUNS, id, patch),
    /** Does nothing if there is no such run. */
    delete(id: string): void {
      run('DELETE FROM runs WHERE id = ?', [id]);
    },
    /** Removes all live runs but the newest, with everything that happened in them. */
    removeLive(kept: number): void {
      const sql =
        'SELECT id FROM runs INDEXED BY runs_live WHERE is_live = 1 ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ?';
      transaction(() => {
        for (const { id } of rows<RunRow>(sql, [kept])) {
          for (const table of ['messages', 'steps']) run(`DELETE FROM ${table} WHERE run_id = ?`, [id]);
          run('DELETE FROM runs WHERE id = ?', [id]);
        }
      });
    },
    transaction,
    /** Counts the runs of the default organization. */
    count(): number {
      const sql = 'SELECT count(*) AS runs FROM runs WHERE organization_id = ?';
      return Number(rows<{ runs: bigint }>(sql, [DEFAULT_ACTOR.organizationId])[0]?.runs);
    },
    list(query: ListQuery): RunRow[] {
      const { sql, values } = planList(query);
      return rows(sql, values);
    },
    retrieve: (id: string, organizationId: string): RunRow | undefined =>
      rows<RunRow>('SELECT * FROM runs WHERE id = ? AND organization_id = ?', [id, organizationId])[0],
    /** Finds the position of a cursor, in any organization, as in Letta 0.16.7. */
    findPosition: (id: string): Position | undefined =>
      rows<Position>('SELECT created_at AS createdAt, id FROM runs WHERE id = ?', [id])[0],
    [Symbol.dispose]: (): void => database[Symbol.dispose](),
  };
}

/** The handle of an agent's model is sent by itself as well. */
function withModel(agent: NewAgent): NewAgent {
  const { handle = null }: { handle?: unknown } = Object(agent.llm_config);
  return { model: handle, ...agent };
}
