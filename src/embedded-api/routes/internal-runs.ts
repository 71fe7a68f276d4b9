import type { Bound, Filters } from '../store/list-query.ts';
import type { RunStore } from '../store/store.ts';
import { requestActor } from './actor.ts';
import { boundsOf, INTERNAL_PARAMETERS } from './internal-parameters.ts';
import { databaseError, filtersOf } from './list-parameters.ts';
import { cursorPositions, runsPage } from './list-runs.ts';
import { readParameters } from './query-parameters.ts';
import type { Reply } from './reply.ts';
import type { ApiRequest } from './router.ts';

/**
 * `GET /v1/_internal_runs/`: the rows and cursors of `GET /v1/runs/`, with more filters. Letta doesn't document it.
 * A list by duration has no cursors.
 */
export function listInternalRuns(store: RunStore, request: ApiRequest): Reply {
  const { organizationId } = requestActor(request);
  const params = readParameters(request.query, INTERNAL_PARAMETERS);
  const filters = filtersOf(params, INTERNAL_PARAMETERS);
  const { bounds = [], toolsUsed } = boundsOf(params);
  const byDuration = params.order_by === 'duration';
  return runsPage(store, {
    organizationId,
    filters,
    bounds: [...bounds, ...slowest(store, organizationId, filters, params.duration_percentile)],
    toolsUsed,
    orderBy: byDuration ? 'run_ns' : 'created_at',
    ascending: params.ascending === true || params.order === 'asc',
    limit: params.limit,
    ...(!byDuration && cursorPositions(store, params)),
  });
}

/**
 * Returns the conditions for the runs that are at least as slow as a percentile of all with the same agents and
 * statuses: the other filters don't change the percentile.
 * @throws HttpError (500) outside of 0 to 100
 */
function slowest(
  store: RunStore,
  organizationId: string,
  { agent_id, status }: Filters,
  percentile: bigint | undefined,
): Bound[] {
  if (percentile === undefined) return [];
  if (percentile < 0n || percentile > 100n) throw databaseError();
  const filters = { ...(agent_id && { agent_id }), ...(status && { status }) };
  const threshold = store.percentile(Number(percentile) / 100, { organizationId, filters });
  return [{ column: 'run_ns', operator: '>=', value: threshold ?? null }];
}
