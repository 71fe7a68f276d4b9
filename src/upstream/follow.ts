import { comparePositions } from '../pagination/position.ts';
import { UpstreamError, VanishedPositionError } from '../runs/errors.ts';
import { positionOf } from '../runs/position.ts';
import type { Run } from '../runs/run.ts';
import type { RunScan } from '../runs/source.ts';
import { checkPage, type PageProblem } from './check-page.ts';
import { type Dialect, type DialectMemory, followingParameter, otherDialect } from './dialect.ts';
import { probeDialect } from './probe-dialect.ts';
import type { ListParameters } from './runs-url.ts';

/** One request for a list, decoded but not checked. */
export type ListRuns = (parameters: ListParameters) => Promise<readonly Run[]>;

/**
 * The rows of a scan, proven, whichever dialect the server speaks.
 *
 * A page with rows proves itself: they lie behind the cursor or they don't. A page that doesn't is
 * asked for once more in the other dialect; if neither answer holds, the server has ignored the
 * cursor, because its run is gone. An empty page proves nothing, so it is believed only from a
 * server whose dialect is proven.
 *
 * @throws VanishedPositionError when no page behind the scan's start can be had
 * @throws UpstreamError `UPSTREAM_INVALID_RESPONSE` for rows out of order, too many, or not matching
 */
export async function rowsFollowing(
  scan: RunScan,
  list: ListRuns,
  memory: DialectMemory,
): Promise<readonly Run[]> {
  if (scan.after === null) {
    const rows = await list(scan);
    throwIfBroken(checkPage(rows, scan));
    return rows;
  }
  const { dialect, proven } = memory.current;
  const page = await listBehind(scan, list, dialect);
  if (page.rows === null) {
    const other = otherDialect(dialect);
    const second = memory.forced ? page : await listBehind(scan, list, other);
    if (second.rows === null) throw new VanishedPositionError(scan.after.id);
    memory.learn(other, 'page');
    return second.rows;
  }
  if (page.rows.length > 0 || proven) return page.rows;

  const found = await probeDialect((limit, cursors) => list({ filter: {}, order: 'desc', limit, cursors }));
  if (found === undefined) return listFromTop(scan, list);
  memory.learn(found, 'probe');
  if (found === dialect) return page.rows;
  const second = await listBehind(scan, list, found);
  if (second.rows === null) throw new VanishedPositionError(scan.after.id);
  return second.rows;
}

/** The page behind the scan's start in one dialect; null rows when what came lies elsewhere. */
async function listBehind(
  scan: RunScan,
  list: ListRuns,
  dialect: Dialect,
): Promise<{ readonly rows: readonly Run[] | null }> {
  const rows = await list({ ...scan, cursors: { [followingParameter(dialect)]: scan.after?.id } });
  const problem = checkPage(rows, scan);
  if (problem?.kind === 'place') return { rows: null };
  throwIfBroken(problem);
  return { rows };
}

/**
 * For a list too short to tell a dialect (at most one run to see) or a server that ignores cursors:
 * the top of the list, less what doesn't lie behind the scan's start.
 */
async function listFromTop(scan: RunScan, list: ListRuns): Promise<readonly Run[]> {
  const { after } = scan;
  const top = { ...scan, after: null };
  const rows = await list(top);
  throwIfBroken(checkPage(rows, top));
  if (after === null) return rows;
  const sign = scan.order === 'asc' ? 1 : -1;
  const behind = rows.filter((run) => sign * comparePositions(positionOf(run), after) > 0);
  // A full page of which rows were cut may have been followed by more rows.
  if (rows.length === scan.limit && behind.length < rows.length && rows.length > 1) {
    throw new VanishedPositionError(after.id);
  }
  return behind;
}

function throwIfBroken(problem: PageProblem | null): void {
  if (problem !== null) {
    throw new UpstreamError(
      'UPSTREAM_INVALID_RESPONSE',
      `The page is not what was asked for: ${problem.detail}`,
    );
  }
}
