import { ACTIVE_STATUSES, enumValues } from '../../src/runs/run-enums.ts';
import { RUN, RUN_METRICS, wireText } from '../rows/kinds.ts';
import { microsOf } from '../rows/stamps.ts';
import type { Run } from '../store.ts';
import { PAGE, pageText } from './list.ts';
import { bool, choice, dateTime, int, isId, readParameters, text, texts, type Values } from './parameters.ts';
import { type Call, failure, notFound } from './reply.ts';

/** The query parameters that select runs. */
const FILTERS = {
  agent_id: text,
  agent_ids: texts,
  statuses: texts,
  active: bool,
  background: bool,
  stop_reason: choice('enum', enumValues('stop_reason')),
  conversation_id: text,
};

const LIST = { ...FILTERS, ...PAGE, limit: int({ ge: 1, le: 1000 }) };
const DATES = { start_date: dateTime, end_date: dateTime };

/** `GET /v1/runs/`, with cursors that are the wrong way round, as since Letta 0.14.0; an unknown one is ignored. */
export function listRuns(call: Call): string {
  return runsPage(call, readParameters(call.query, LIST));
}

/** `GET /v1/_internal_runs/`: the same, with filters by date. Letta doesn't document it, and it has more of them. */
export function listInternalRuns(call: Call): string {
  const {
    start_date: from = '',
    end_date: to = '~',
    ...given
  } = readParameters(call.query, { ...LIST, ...DATES });
  return runsPage(call, given, (run) => run.created_at >= from && run.created_at <= to);
}

function runsPage(
  { store, actor }: Call,
  { before = '', after = '', limit, order, ...filters }: Values<typeof LIST>,
  isBetween: (run: Run) => boolean = () => true,
): string {
  const isAscending = order === 'asc';
  const page = { isAscending, limit, following: store.find(before), preceding: store.find(after) };
  const matches = matcherOf(filters);
  const runs = store.in(actor.organizationId);
  return pageText(runs, page, (run) => isBetween(run) && matches(run), listedRun);
}

/** @throws HttpError 400 for an unknown status, which Letta looks at later than at the rest */
function matcherOf(given: Values<typeof FILTERS>): (run: Run) => boolean {
  const { agent_id, agent_ids, statuses, active, background, stop_reason, conversation_id } = given;
  const unknown = statuses?.find((status) => !enumValues('status').some((known) => known === status));
  if (unknown !== undefined) throw failure(400, `'${unknown}' is not a valid RunStatus`);
  // An empty conversation id is a filter that matches nothing, unlike an empty agent id.
  const agents = agent_id ? [agent_id] : agent_ids;
  const wanted: readonly string[] | undefined = statuses ?? (active ? ACTIVE_STATUSES : undefined);
  return (run) =>
    (agents === undefined || agents.includes(run.agent_id)) &&
    (wanted === undefined || wanted.includes(run.status)) &&
    (background === undefined || run.background === background) &&
    (stop_reason === undefined || run.stop_reason === stop_reason) &&
    (conversation_id === undefined || run.conversation_id === conversation_id);
}

/** Returns the JSON of a run in a list, which shows the duration of its metrics if there is one. */
export function listedRun(run: Run): string {
  return wireText(RUN, { ...run, total_duration_ns: run.run_ns ?? run.total_duration_ns });
}

/** `GET /v1/runs/{run_id}`. */
export function retrieveRun(call: Call): string {
  return wireText(RUN, requireRun(call));
}

/** `GET /v1/runs/{run_id}/metrics`: also 404 if the run has none. */
export function retrieveMetrics(call: Call): string {
  const run = requireRun(call, 'RunMetrics');
  if (run.lacks_metrics) throw notFound('RunMetrics', call);
  const run_start_ns = BigInt(microsOf(run.created_at)) * 1000n;
  return wireText(RUN_METRICS, { ...run, run_start_ns, base_template_id: null });
}

/**
 * @param model the name of what Letta looks up, for its 404.
 * @throws HttpError 400 for an id that isn't `run-` and a version 4 UUID, 404 for a run that doesn't exist.
 */
export function requireRun(call: Call, model = 'Run'): Run {
  const { id, store, actor } = call;
  if (!isId('run', id)) {
    throw failure(400, `INVALID_ARGUMENT: Invalid run ID format: ${id}. Expected format: 'run-<uuid4>'`);
  }
  const run = store.find(id);
  if (run?.organization_id !== actor.organizationId) throw notFound(model, call);
  return run;
}
