import type { Follow } from '../../lists/ranges/paged-range.ts';
import type { RunFilter } from '../../runs/run-filters.ts';
import type { Run } from '../../runs/run.ts';
import type { RunRangeQuery } from '../../runs/source.ts';

/**
 * Whether an upstream understands repeated keys. Asks for the runs of one agent that has some, named twice, and if
 * there are none, named once: its newest run must still be there, so that it was all the time. Undefined where
 * that isn't so.
 *
 * @param follow sends repeated keys as they are
 */
export async function understandsRepeatedKeys(follow: Follow<Run, RunFilter>): Promise<boolean | undefined> {
  const newest: RunRangeQuery = { filter: {}, order: 'desc', after: null, limit: 1 };
  const [run] = await follow(newest);
  if (run === undefined) return undefined;
  const { agentId, id } = run;
  const twice = await follow({ ...newest, filter: { agentIds: [agentId, agentId] } });
  if (twice.length > 0) return true;
  const [once] = await follow({ ...newest, filter: { agentId } });
  return once?.id === id ? false : undefined;
}
