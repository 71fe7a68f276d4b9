import { LIVE_INDEX } from './indexes.ts';
import type { Statements } from './statements.ts';

/** What belongs to a run, before the run itself. */
const DELETIONS = [
  'DELETE FROM messages WHERE run_id = ?',
  'DELETE FROM step_metrics WHERE id IN (SELECT id FROM steps WHERE run_id = ?)',
  'DELETE FROM steps WHERE run_id = ?',
  'DELETE FROM runs WHERE id = ?',
];

/** Deletes the live runs beyond the newest ones, with their steps, metrics and messages. */
export function removeLive({ rows, run }: Statements, kept: number): void {
  const found = rows<{ id: string }>(
    `SELECT id FROM runs INDEXED BY ${LIVE_INDEX} WHERE is_live = 1 ` +
      'ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ?',
    [kept],
  );
  for (const { id } of found) {
    for (const sql of DELETIONS) run(sql, [id]);
  }
}
