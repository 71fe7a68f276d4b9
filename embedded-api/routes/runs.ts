import { ACTIVE_STATUSES, RUN_STATUSES, STOP_REASONS } from '../model/enum-values.ts';
import type { Position, RunRow } from '../model/rows.ts';
import { microsOf } from '../model/timestamps.ts';
import type { Filters } from '../store/list-query.ts';
import type { RunStore } from '../store/store.ts';
import {
  bool,
  choice,
  dateTime,
  int,
  isId,
  PAGE,
  readParameters,
  text,
  texts,
  type Values,
} from './parameters.ts';
import { type ApiRequest, errorReply, HttpError, jsonReply, notFound, type Reply } from './reply.ts';

const DEFAULT_LIMIT = 100;

/** The query parameters of a list of runs that select rows; those of one column in the order of precedence. */
const FILTERS = {
  agent_id: text,
  agent_ids: texts,
  statuses: texts,
  active: bool,
  background: bool,
  stop_reason: choice('enum', STOP_REASONS),
  conversation_id: text,
};

/** All of them. */
const LIST = { ...FILTERS, ...PAGE, limit: int({ ge: 1, le: 1000 }), ascending: bool };

/** `GET /v1/runs/`, with cursors that are the wrong way round, as since Letta 0.14.0. */
export function listRuns(store: RunStore, request: ApiRequest): Reply {
  return runsPage(store, request, {});
}

/** `GET /v1/_internal_runs/`: the same, with filters by date. Letta doesn't document it, and it has more of them. */
export function listInternalRuns(store: RunStore, request: ApiRequest): Reply {
  return runsPage(store, request, { start_date: dateTime, end_date: dateTime });
}

type Dates = Readonly<Partial<Record<'start_date' | 'end_date', typeof dateTime>>>;

function runsPage(store: RunStore, { query, actor }: ApiRequest, dates: Dates): Reply {
  const { start_date: from, end_date: to, ...given } = readParameters(query, { ...LIST, ...dates });
  const { before, after, limit = DEFAULT_LIMIT, order, ascending } = given;
  const rows = store.list({
    organizationId: actor.organizationId,
    filters: filtersOf(given),
    from,
    to,
    ascending: ascending === true || order === 'asc',
    limit,
    following: findCursor(store, before),
    preceding: findCursor(store, after),
  });
  return jsonReply(`[${rows.map(listedRun).join(',')}]`);
}

/** @throws HttpError 400 for an unknown status, which Letta looks at later than at the rest */
function filtersOf(given: Values<typeof FILTERS>): Filters {
  const { agent_id, agent_ids, statuses, active, background, stop_reason, conversation_id } = given;
  const unknown = statuses?.find((status) => !RUN_STATUSES.some((known) => known === status));
  if (unknown !== undefined) throw new HttpError(errorReply(400, `'${unknown}' is not a valid RunStatus`));
  // An empty conversation id is a filter that matches nothing, unlike an empty agent id.
  const agents = agent_id ? [agent_id] : agent_ids;
  const status = statuses ?? (active ? ACTIVE_STATUSES : undefined);
  return {
    ...(agents && { agent_id: agents }),
    ...(status && { status }),
    ...(background !== undefined && { background: [Number(background)] }),
    ...(stop_reason && { stop_reason: [stop_reason] }),
    ...(conversation_id !== undefined && { conversation_id: [conversation_id] }),
  };
}

/** An empty cursor counts as absent, and an unknown one is silently ignored, which returns the first page. */
function findCursor(store: RunStore, id: string | undefined): Position | undefined {
  return id ? store.findPosition(id) : undefined;
}

/** Returns the JSON of a run in a list, which shows the duration of its metrics if there is one. */
export function listedRun({ json, run_ns }: RunRow): string {
  return run_ns === null ? json : `${json.slice(0, json.lastIndexOf(':') + 1)}${run_ns}}`;
}

/** `GET /v1/runs/{run_id}`. */
export function retrieveRun(store: RunStore, request: ApiRequest, id: string): Reply {
  return jsonReply(requireRun(store, request, id).json);
}

/** `GET /v1/runs/{run_id}/metrics`: also 404 if the run has none. */
export function retrieveMetrics(store: RunStore, request: ApiRequest, id: string): Reply {
  const row = requireRun(store, request, id, 'RunMetrics');
  if (row.lacks_metrics === 1n) throw notFound('RunMetrics', id, request.actor);
  const { organization_id, agent_id, created_at, run_ns, num_steps, tools_used } = row;
  return jsonReply(
    `{"id":"${id}","organization_id":"${organization_id}","agent_id":${JSON.stringify(agent_id)},"project_id":null,` +
      `"run_start_ns":${microsOf(created_at)}000,"run_ns":${run_ns},"num_steps":${num_steps},` +
      `"tools_used":${tools_used},"template_id":null,"base_template_id":null}`,
  );
}

/**
 * @param model the name of what Letta looks up, for its 404.
 * @throws HttpError 400 for an id that isn't `run-` and a version 4 UUID, 404 for a run that doesn't exist.
 */
export function requireRun(store: RunStore, { actor }: ApiRequest, id: string, model = 'Run'): RunRow {
  if (!isId('run', id)) {
    const message = `INVALID_ARGUMENT: Invalid run ID format: ${id}. Expected format: 'run-<uuid4>'`;
    throw new HttpError(errorReply(400, message));
  }
  const row = store.retrieve(id, actor.organizationId);
  if (row === undefined) throw notFound(model, id, actor);
  return row;
}
