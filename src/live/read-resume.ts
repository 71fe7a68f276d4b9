import { GatewayError } from '../errors/gateway-error.ts';
import { InvalidCursorError } from '../lists/list-errors.ts';
import { decodeCursor } from '../lists/pages/cursor.ts';
import { IDS } from '../runs/ids.ts';
import { type RunFilter, runFilterKey } from '../runs/run-filters.ts';
import { positionOf, type Run } from '../runs/run.ts';
import { decodeResume } from './snapshots/resume-cursor.ts';
import { type Resume, resumeBehind } from './snapshots/snapshot.ts';

/**
 * Reads the cursor from which a subscription to a list continues.
 *
 * @param after the cursor of an event, or the cursor or id of a run
 * @throws InvalidCursorError, or GatewayError for a cursor of another version
 */
export async function readResume(
  after: string | null | undefined,
  filter: RunFilter,
  loadRun: (id: string) => Promise<Run | null>,
): Promise<Resume | undefined> {
  if (after === null || after === undefined) return undefined;
  const resume = decodeResume(after, runFilterKey(filter));
  if (typeof resume === 'object') return resume;
  if (resume === 'other filters') {
    throw new InvalidCursorError('after', after, 'is a cursor of a subscription with other filters');
  }
  if (resume === 'other version') {
    throw new GatewayError(
      'CURSOR_TOO_OLD',
      'The cursor is from another version of the gateway. Subscribe again without `after`, and read the list once more.',
    );
  }
  const target = decodeCursor(after, IDS.run);
  if (target?.type === 'position') return resumeBehind(target.position, after);
  const run = target && (await loadRun(target.id));
  if (run !== null) return resumeBehind(positionOf(run), after);
  const why = 'is neither the cursor of an event, nor the cursor or id of a run that you can see';
  throw new InvalidCursorError('after', after, why);
}
