import type {
  MessageRow,
  NewMessage,
  NewStep,
  Position,
  RunDetails,
  RunRow,
  StepRow,
} from '../model/rows.ts';
import type { Database } from './database.ts';
import { MESSAGES, STEPS } from './kinds.ts';

/** One page of a list, and between what. */
export interface PageQuery<Cursor> {
  readonly ascending: boolean;
  readonly limit: number;
  readonly before?: Cursor | undefined;
  readonly after?: Cursor | undefined;
}

/** The ids of steps and messages that are made begin like that of their run. */
const SHARED_BEGINNING = /^(?:step|message)-([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3})-/;

/**
 * Creates the stores of what happened in runs.
 * @param make makes it for runs that lack it, when it is first looked for; the same run must always get the same
 */
export function createDetails(
  { rows, run, insert, update, transaction }: Database,
  make: ((run: RunRow) => RunDetails) | undefined,
) {
  const fill = (first: string, last: string): void => {
    if (make === undefined) return;
    const lacking = 'SELECT * FROM runs WHERE lacks_details = 1 AND id BETWEEN ? AND ?';
    for (const found of rows<RunRow>(lacking, [first, last])) {
      transaction(() => {
        // Another process may have made it meanwhile.
        const sql = 'UPDATE runs SET lacks_details = NULL WHERE id = ? AND lacks_details = 1';
        if (run(sql, [found.id]) === 0) return;
        const { steps, messages } = make(found);
        insert(STEPS, steps);
        insert(MESSAGES, messages);
      });
    }
  };
  const fillAround = (id: string): void => {
    const beginning = SHARED_BEGINNING.exec(id)?.[1];
    if (beginning !== undefined) fill(`run-${beginning}-`, `run-${beginning}~`);
  };
  return {
    steps: {
      insert: (steps: Iterable<NewStep>): void => insert(STEPS, steps),
      update: (id: string, patch: object): void => update(STEPS, id, patch),
      /** Lists steps that precede `before` and follow `after` in list order. */
      list(runId: string, query: PageQuery<Position> & { readonly organizationId: string }): StepRow[] {
        fill(runId, runId);
        const { sql, values } = between(query);
        const direction = query.ascending ? 'ASC' : 'DESC';
        return rows<StepRow>(
          `SELECT * FROM steps WHERE run_id = ? AND organization_id = ?${sql} ` +
            `ORDER BY created_at ${direction}, id ${direction} LIMIT ?`,
          [runId, query.organizationId, ...values, query.limit],
        );
      },
      retrieve(id: string, organizationId: string): StepRow | undefined {
        fillAround(id);
        const sql = 'SELECT * FROM steps WHERE id = ? AND organization_id = ?';
        return rows<StepRow>(sql, [id, organizationId])[0];
      },
      /** Finds the position of a cursor, of any run in any organization, as in Letta 0.16.7. */
      findPosition: (id: string): Position | undefined => {
        fillAround(id);
        return rows<Position>('SELECT created_at AS createdAt, id FROM steps WHERE id = ?', [id])[0];
      },
    },
    messages: {
      /** Their order is that of the lists, whatever their times. */
      insert: (messages: Iterable<NewMessage>): void => insert(MESSAGES, messages),
      /** Lists stored messages earlier than `before` and later than `after`, by their sequence, in either order. */
      list(runId: string, { ascending, limit, before, after }: PageQuery<bigint>): MessageRow[] {
        fill(runId, runId);
        const sql = `${before === undefined ? '' : ' AND rowid < ?'}${after === undefined ? '' : ' AND rowid > ?'}`;
        return rows(
          `SELECT rowid, * FROM messages WHERE run_id = ?${sql} ORDER BY rowid ${ascending ? 'ASC' : 'DESC'} LIMIT ?`,
          [runId, before, after, limit].filter((value) => value !== undefined),
        );
      },
      /** Finds the sequence number of a message of any run. */
      findSequence: (id: string): bigint | undefined => {
        fillAround(id);
        return rows<{ rowid: bigint }>('SELECT rowid FROM messages WHERE id = ?', [id])[0]?.rowid;
      },
    },
  };
}

/** As Letta 0.16.7 does, a descending list compares the times backwards but the ids of equal times forwards. */
function between({ ascending, before, after }: PageQuery<Position>): { sql: string; values: string[] } {
  const beyond = (ids: '<' | '>'): string => {
    const times = ascending === (ids === '<') ? '<' : '>';
    return ` AND (created_at ${times} ? OR created_at = ? AND id ${ids} ?)`;
  };
  const given = [before, after].filter((position) => position !== undefined);
  return {
    sql: (before ? beyond('<') : '') + (after ? beyond('>') : ''),
    values: given.flatMap(({ createdAt, id }) => [createdAt, createdAt, id]),
  };
}
