import pMap from 'p-map';
import { comparePositions } from '../../pagination/position.ts';
import { RepeatedKeysError, UpstreamError } from '../../runs/errors.ts';
import { positionOf } from '../../runs/position.ts';
import type { RunFilter } from '../../runs/query.ts';
import type { Run } from '../../runs/run.ts';
import type { RunScan } from '../../runs/source.ts';

/** Requests at a time for one scan. */
const MAX_AT_ONCE = 8;
/** Rows that a part is asked for at least, if the page has as many. */
const LEAST_SHARE = 50;

type Follow = (scan: RunScan) => Promise<readonly Run[]>;

/**
 * Whether an upstream understands repeated keys, as in `statuses=a&statuses=b`; undefined while
 * that is not known. A proxy that makes one key of them, joined by a comma, has the API refuse two
 * statuses (400) and find no run of two agents (200, empty).
 */
export interface RepeatedKeys {
  understood: boolean | undefined;
}

/**
 * The rows of a scan, from an upstream that may not understand repeated keys: if it doesn't, the
 * scan is made once for each value, and the answers are merged in order.
 *
 * @throws RepeatedKeysError for a scan that must be one request and can't
 */
export async function followSplitting(
  scan: RunScan,
  follow: Follow,
  keys: RepeatedKeys,
): Promise<readonly Run[]> {
  if (keys.understood === true || !needsRepeatedKeys(scan.filter)) return follow(scan);
  if (keys.understood === undefined) {
    const rows = await follow(scan).catch((error: unknown) => {
      if (error instanceof UpstreamError && error.status === 400) return null;
      throw error;
    });
    if (rows !== null && rows.length > 0) keys.understood = true;
    else keys.understood = await understandsRepeatedKeys(follow);
    if (rows !== null && keys.understood !== false) return rows;
  }
  if (scan.isOneRequest) throw new RepeatedKeysError();
  return followParts(scan, splitFilter(scan.filter), follow);
}

function needsRepeatedKeys({ agentIds = [], statuses = [] }: RunFilter): boolean {
  return agentIds.length > 1 || statuses.length > 1;
}

/** Asks for the runs of one agent that has some, named twice. Undefined where there is no run at all. */
async function understandsRepeatedKeys(follow: Follow): Promise<boolean | undefined> {
  const newest: RunScan = { filter: {}, order: 'desc', after: null, limit: 1 };
  const [run] = await follow(newest);
  if (run === undefined) return undefined;
  const rows = await follow({ ...newest, filter: { agentIds: [run.agentId, run.agentId] } });
  return rows.length > 0;
}

/** The filter once for each combination of the values that would need a repeated key. */
function splitFilter({ agentIds, statuses, ...rest }: RunFilter): readonly RunFilter[] {
  const agents: readonly RunFilter[] = agentIds?.map((agentId) => ({ agentId })) ?? [{}];
  const states: readonly RunFilter[] = statuses?.map((status) => ({ statuses: [status] })) ?? [{}];
  return agents.flatMap((agent) => states.map((state) => ({ ...rest, ...agent, ...state })));
}

/** The rows of one part of a scan that were asked for by now. */
interface Part {
  readonly filter: RunFilter;
  readonly rows: readonly Run[];
  /** Whether there are more behind them. */
  readonly isOpen: boolean;
}

/**
 * The first rows of all parts together. Each part is asked for its share of them, and for more only
 * where it may hold more of the page: what many parts bring at once stays of the order of one page.
 */
async function followParts(
  scan: RunScan,
  filters: readonly RunFilter[],
  follow: Follow,
): Promise<readonly Run[]> {
  const sign = scan.order === 'asc' ? 1 : -1;
  const compare = (a: Run, b: Run): number => sign * comparePositions(positionOf(a), positionOf(b));
  const share = Math.max(LEAST_SHARE, Math.ceil((2 * scan.limit) / filters.length));
  const limit = Math.min(scan.limit, share);
  const readOn = async (part: Part): Promise<Part> => {
    const last = part.rows.at(-1);
    const after = last === undefined ? scan.after : positionOf(last);
    const rows = await follow({ ...scan, filter: part.filter, after, limit });
    return { ...part, rows: [...part.rows, ...rows], isOpen: rows.length === limit };
  };
  let parts: readonly Part[] = filters.map((filter) => ({ filter, rows: [], isOpen: true }));
  for (;;) {
    const merged = parts
      .flatMap(({ rows }) => rows)
      .toSorted(compare)
      .slice(0, scan.limit);
    const end = merged.length < scan.limit ? undefined : merged.at(-1);
    const isDue = ({ rows, isOpen }: Part): boolean => {
      const last = rows.at(-1);
      return isOpen && (last === undefined || end === undefined || compare(last, end) < 0);
    };
    if (!parts.some(isDue)) return merged;
    parts = await pMap(parts, (part) => (isDue(part) ? readOn(part) : part), { concurrency: MAX_AT_ONCE });
  }
}
