import type { Run } from '../../runs/run.ts';
import type { RunRangeQuery } from '../../runs/source.ts';
import type { Rows } from '../rows.ts';

/** Returns the rows of a range query from one request. */
export type Follow = (query: RunRangeQuery) => Promise<Rows<Run>>;

/**
 * Whether an upstream understands repeated keys, as in `statuses=a&statuses=b`; undefined while
 * that is not known. Behind a proxy that joins them into one key with commas, the API rejects two
 * statuses (400) and finds no runs for two agents (200, empty).
 *
 * All callers share it. It is written from answers of the upstream: `true` by rows that match a query
 * with repeated keys, `false` by a probe of the gateway's own.
 */
export interface RepeatedKeys {
  understood: boolean | undefined;
}

/**
 * Asks for the runs of one agent that has some, named twice, and if there are none, named once: its
 * newest run must still be there, so that it was all the time. Undefined where that isn't so.
 */
export async function understandsRepeatedKeys(follow: Follow): Promise<boolean | undefined> {
  const newest: RunRangeQuery = { filter: {}, order: 'desc', after: null, limit: 1 };
  const [run] = await follow(newest);
  if (run === undefined) return undefined;
  const { agentId, id } = run;
  const twice = await follow({ ...newest, filter: { agentIds: [agentId, agentId] } });
  if (twice.length > 0) return true;
  const [once] = await follow({ ...newest, filter: { agentId } });
  return once?.id === id ? false : undefined;
}
