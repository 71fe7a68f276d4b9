import { ACTIVE_STATUSES } from '../model/enum-values.ts';
import type { ListQuery, Position } from '../store/list-query.ts';
import type { RunStore } from '../store/store.ts';
import { listedRuns } from '../wire/run.ts';
import { requestActor } from './actor.ts';
import { filtersOf, LIST_PARAMETERS, rejectNul } from './list-parameters.ts';
import { readParameters } from './query-parameters.ts';
import { jsonReply, type Reply } from './reply.ts';
import type { ApiRequest } from './router.ts';

const DEFAULT_LIMIT = 100;

/** `GET /v1/runs/`. */
export function listRuns(store: RunStore, request: ApiRequest): Reply {
  // Letta 0.16.7 reads the headers before the query, so their errors come first.
  const { organizationId } = requestActor(request);
  const params = readParameters(request.query, LIST_PARAMETERS);
  return runsPage(store, {
    organizationId,
    filters: filtersOf(params),
    ascending: params.ascending === true || params.order === 'asc',
    limit: params.limit,
    ...cursorPositions(store, params),
  });
}

/** `GET /v1/runs/active`: the newest 100 that haven't ended, without cursors. */
export function listActiveRuns(store: RunStore, request: ApiRequest): Reply {
  const { organizationId } = requestActor(request);
  const { agent_id, background } = LIST_PARAMETERS;
  const filters = filtersOf(readParameters(request.query, { agent_id, background }));
  return runsPage(store, {
    organizationId,
    filters: { ...filters, status: ACTIVE_STATUSES },
    ascending: false,
  });
}

type PageQuery = Omit<ListQuery, 'limit'> & { readonly limit?: number | undefined };

export function runsPage(store: RunStore, { limit = DEFAULT_LIMIT, ...query }: PageQuery): Reply {
  return jsonReply(200, listedRuns(store.list({ ...query, limit })));
}

interface Cursors {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Looks both cursors up, which are the wrong way round since Letta 0.14.0. @throws HttpError (500) for one that PostgreSQL can't store */
export function cursorPositions(
  store: RunStore,
  { before, after }: Cursors,
): Pick<ListQuery, 'following' | 'preceding'> {
  rejectNul([before, after]);
  return { following: findCursor(store, before), preceding: findCursor(store, after) };
}

/** An empty cursor counts as absent, and an unknown one is silently ignored, which returns the first page. */
function findCursor(store: RunStore, id: string | undefined): Position | undefined {
  return id ? store.findPosition(id) : undefined;
}
