import type { SQLInputValue } from 'node:sqlite';
import type { MessageRow, NewMessage } from '../model/message.ts';
import type { Position } from './list-query.ts';
import type { Statements } from './statements.ts';
import { MESSAGES } from './tables.ts';
import { listByTime, type TimeListQuery } from './time-list.ts';

/** One page of the stored messages of a run, in the order of insertion. */
interface MessageListQuery {
  readonly ascending: boolean;
  /** Of stored messages, from 0. */
  readonly limit: number;
  /** Only messages with a smaller sequence number, whatever the order. */
  readonly before?: bigint | undefined;
  /** Only messages with a greater one, whatever the order. */
  readonly after?: bigint | undefined;
}

export interface MessageStore {
  /**
   * Inserts messages in one transaction: all, or none if one is invalid (a duplicate id, an invalid timestamp).
   * Their order is that of the lists, whatever their times.
   */
  readonly insert: (messages: Iterable<NewMessage>) => void;
  /** Lists stored messages of a run, of any organization, as in Letta 0.16.7. */
  readonly list: (runId: string, query: MessageListQuery) => MessageRow[];
  readonly listOfStep: (stepId: string, query: TimeListQuery) => MessageRow[];
  /** Finds the sequence number of a message of any run. */
  readonly findSequence: (id: string) => bigint | undefined;
  /** Finds the position of a message of any run among those of a step. */
  readonly findPosition: (id: string) => Position | undefined;
}

/** @param transaction runs a function in a transaction */
export function createMessageStore(
  { rows, insert }: Statements,
  transaction: (fill: () => void) => void,
): MessageStore {
  return {
    insert: (messages) => transaction(() => insert(MESSAGES, messages)),
    list(runId, { ascending, limit, before, after }) {
      const bounds: { sql: string; value: bigint }[] = [
        ...(before === undefined ? [] : [{ sql: ' AND rowid < ?', value: before }]),
        ...(after === undefined ? [] : [{ sql: ' AND rowid > ?', value: after }]),
      ];
      const values: SQLInputValue[] = [runId, ...bounds.map(({ value }) => value), limit];
      return rows(
        `SELECT * FROM messages WHERE run_id = ?${bounds.map(({ sql }) => sql).join('')} ` +
          `ORDER BY rowid ${ascending ? 'ASC' : 'DESC'} LIMIT ?`,
        values,
      );
    },
    listOfStep: (stepId, query) =>
      listByTime(rows<MessageRow>, { table: 'messages', column: 'step_id', value: stepId }, query),
    findSequence: (id) => rows<{ rowid: bigint }>('SELECT rowid FROM messages WHERE id = ?', [id])[0]?.rowid,
    findPosition: (id) =>
      rows<Position>('SELECT created_at AS createdAt, id FROM messages WHERE id = ?', [id])[0],
  };
}
