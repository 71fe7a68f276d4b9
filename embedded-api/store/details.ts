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
import { MESSAGES, RUNS, STEPS } from './kinds.ts';

/** One page of the steps of a run. */
interface StepListQuery {
  readonly organizationId: string;
  readonly ascending: boolean;
  readonly limit: number;
  /** Only rows that precede this position in list order. */
  readonly before?: Position | undefined;
  /** Only rows that follow this position in list order. */
  readonly after?: Position | undefined;
}

/** One page of the stored messages of a run, in the order of insertion. */
interface MessageListQuery {
  readonly ascending: boolean;
  readonly limit: number;
  /** Only messages with a smaller sequence number, whatever the order. */
  readonly before?: bigint | undefined;
  /** Only messages with a greater one, whatever the order. */
  readonly after?: bigint | undefined;
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
  const fill = (found: RunRow): void =>
    transaction(() => {
      // Another process may have made it meanwhile.
      const sql = 'UPDATE runs SET lacks_details = NULL WHERE id = ? AND lacks_details = 1';
      if (make === undefined || run(sql, [found.id]) === 0) return;
      const { steps, messages } = make(found);
      insert(STEPS, steps);
      insert(MESSAGES, messages);
    });
  const lacking = `SELECT * FROM ${RUNS.table} WHERE lacks_details = 1 AND id`;
  const fillRun = (id: string): void => rows<RunRow>(`${lacking} = ?`, [id]).forEach(fill);
  const fillAround = (id: string): void => {
    const beginning = SHARED_BEGINNING.exec(id)?.[1];
    if (beginning === undefined) return;
    rows<RunRow>(`${lacking} BETWEEN ? AND ?`, [`run-${beginning}-`, `run-${beginning}~`]).forEach(fill);
  };
  return {
    steps: {
      insert: (steps: Iterable<NewStep>): void => insert(STEPS, steps),
      update: (id: string, patch: object): void => update(STEPS, id, patch),
      list(runId: string, query: StepListQuery): StepRow[] {
        fillRun(runId);
        const { sql, values } = stepConditions(query);
        const direction = query.ascending ? 'ASC' : 'DESC';
        return rows<StepRow>(
          `SELECT * FROM steps WHERE run_id = ? AND organization_id = ?${sql} ` +
            `ORDER BY created_at ${direction}, id ${direction} LIMIT ?`,
          [runId, query.organizationId, ...values, query.limit],
        );
      },
      retrieve(id: string, organizationId: string): StepRow | undefined {
        fillAround(id);
        return rows<StepRow>('SELECT * FROM steps WHERE id = ? AND organization_id = ?', [
          id,
          organizationId,
        ])[0];
      },
      /** Finds the position of a cursor, of any run in any organization, as in Letta 0.16.7. */
      findPosition(id: string): Position | undefined {
        fillAround(id);
        return rows<Position>('SELECT created_at AS createdAt, id FROM steps WHERE id = ?', [id])[0];
      },
    },
    messages: {
      /** Their order is that of the lists, whatever their times. */
      insert: (messages: Iterable<NewMessage>): void => insert(MESSAGES, messages),
      list(runId: string, { ascending, limit, before, after }: MessageListQuery): MessageRow[] {
        fillRun(runId);
        const sql = `${before === undefined ? '' : ' AND rowid < ?'}${after === undefined ? '' : ' AND rowid > ?'}`;
        return rows(
          `SELECT rowid, * FROM messages WHERE run_id = ?${sql} ORDER BY rowid ${ascending ? 'ASC' : 'DESC'} LIMIT ?`,
          [runId, before, after, limit].filter((value) => value !== undefined),
        );
      },
      /** Finds the sequence number of a message of any run. */
      findSequence(id: string): bigint | undefined {
        fillAround(id);
        return rows<{ rowid: bigint }>('SELECT rowid FROM messages WHERE id = ?', [id])[0]?.rowid;
      },
    },
  };
}

/** As Letta 0.16.7 does, a descending list compares the times backwards but the ids of equal times forwards. */
function stepConditions({ ascending, before, after }: StepListQuery): { sql: string; values: string[] } {
  const [earlier, later] = ascending ? (['<', '>'] as const) : (['>', '<'] as const);
  const beyond = (operator: '<' | '>', ids: '<' | '>'): string =>
    ` AND (created_at ${operator} ? OR created_at = ? AND id ${ids} ?)`;
  const valuesOf = ({ createdAt, id }: Position): string[] => [createdAt, createdAt, id];
  return {
    sql: (before ? beyond(earlier, '<') : '') + (after ? beyond(later, '>') : ''),
    values: [before, after].flatMap((position) => (position === undefined ? [] : valuesOf(position))),
  };
}
