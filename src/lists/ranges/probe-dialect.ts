import { UpstreamError } from '../../errors/upstream-error.ts';
import { positionOf } from '../../runs/position.ts';
import type { Run } from '../../runs/run.ts';
import { comparePositions } from '../position.ts';
import type { Dialect } from './dialect.ts';
import type { ListRuns } from './range-query.ts';

/** What a probe asks. */
export interface ProbedUpstream {
  readonly list: ListRuns;
  /** Whether there is a run of this id. */
  readonly exists: (id: string) => Promise<boolean>;
}

/** The top of the list, newest first. */
const TOP = { filter: {}, order: 'desc' } as const;

/**
 * Finds out the dialect from rows that the upstream itself sends: the newest run, and what each of
 * the two cursor parameters selects for it. Four requests, for three or four rows and one run.
 *
 * The parameter that selects a run which follows it decides, if the newest run still exists in the
 * end: then it existed all the time, so the server didn't ignore the cursor, whatever runs were
 * created and deleted meanwhile, and by whomever.
 *
 * @returns undefined if there are fewer than two runs, or the answers don't decide
 */
export async function probeDialect({ list, exists }: ProbedUpstream): Promise<Dialect | undefined> {
  try {
    const { rows } = await list({ ...TOP, limit: 2 });
    const [newest, second] = rows;
    if (newest === undefined || second === undefined) return undefined;
    const [before, after] = await Promise.all([
      list({ ...TOP, limit: 1, cursors: { before: newest.id } }),
      list({ ...TOP, limit: 1, cursors: { after: newest.id } }),
    ]);
    const isReversed = follows(before.rows.at(0), newest);
    if (isReversed === follows(after.rows.at(0), newest) || !(await exists(newest.id))) return undefined;
    return isReversed ? 'reversed' : 'documented';
  } catch (error) {
    // A list that fails says nothing about the page that needs the dialect.
    if (error instanceof UpstreamError) return undefined;
    throw error;
  }
}

/** Whether there is a run, and it follows another one in the list. */
function follows(run: Run | undefined, other: Run): boolean {
  return run !== undefined && comparePositions(positionOf(run), positionOf(other)) < 0;
}
