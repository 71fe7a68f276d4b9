import { ACTIVE_STATUSES } from '../../src/runs/outcomes.ts';
import { enumValues } from '../../src/runs/run-enums.ts';
import type { Run } from '../store/run-store.ts';
import { microsOf } from '../store/timestamps.ts';
import { RUN, RUN_METRICS, wireText } from '../store/wire-format.ts';
import { PAGE, pageText } from './paging.ts';
import {
  bool,
  choice,
  dateTime,
  int,
  isId,
  type Parameter,
  readParameters,
  text,
  texts,
} from './parameters.ts';
import { type Call, failure, notFound } from './request-reply.ts';

type Matches = (run: Run) => boolean;

/** Reads a parameter as a filter of runs. */
function filter<T>(read: Parameter<T>, matches: (run: Run, wanted: T) => boolean): Parameter<Matches> {
  return (last, all) => {
    const wanted = read(last, all);
    return (run) => matches(run, wanted);
  };
}

/** An empty agent id is none, unlike an empty conversation id. */
const FILTERS = {
  agent_id: filter(text, (run, id) => id === '' || run.agent_id === id),
  agent_ids: filter(texts, (run, ids) => ids.includes(run.agent_id)),
  statuses: filter(texts, (run, statuses) => statuses.includes(run.status)),
  active: filter(bool, (run, wanted) => !wanted || ACTIVE_STATUSES.some((active) => active === run.status)),
  background: filter(bool, (run, wanted) => run.background === wanted),
  stop_reason: filter(choice('enum', enumValues('stop_reason')), (run, reason) => run.stop_reason === reason),
  conversation_id: filter(text, (run, id) => run.conversation_id === id),
};

/** Letta doesn't document its internal list, which has filters by date as well. */
const INTERNAL_FILTERS = {
  ...FILTERS,
  start_date: filter(dateTime, (run, from) => run.created_at >= from),
  end_date: filter(dateTime, (run, to) => run.created_at <= to),
};

/** `GET /v1/runs/`, with cursors that are the wrong way round, as since Letta 0.14.0; an unknown cursor is ignored. */
export const listRuns = (call: Call): string => runsPage(call, FILTERS);

export const listInternalRuns = (call: Call): string => runsPage(call, INTERNAL_FILTERS);

const LIMITED = { ...PAGE, limit: int({ ge: 1, le: 1000 }) };

/** @throws HttpError 400 for an unknown status, which Letta checks after all other parameters */
function runsPage(
  { query, store, actor }: Call,
  filters: Readonly<Record<string, Parameter<Matches>>>,
): string {
  const { before = '', after = '', limit, order } = readParameters(query, LIMITED);
  const conditions = Object.values(readParameters(query, filters));
  const statuses = query.getAll('statuses');
  const unknown = statuses.find((status) => !enumValues('status').some((value) => value === status));
  if (unknown !== undefined) throw failure(400, `'${unknown}' is not a valid RunStatus`);
  const ends = { following: store.find(before), preceding: store.find(after) };
  const page = { isAscending: order === 'asc', limit, ...ends };
  const runs = store.of(actor.organizationId);
  return pageText(runs, page, (run) => conditions.every((matches) => matches?.(run) !== false), listedRun);
}

/** Returns the JSON of a run in a list, which shows the duration of its metrics if there is one. */
export function listedRun(run: Run): string {
  return wireText(RUN, { ...run, total_duration_ns: run.run_ns ?? run.total_duration_ns });
}

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
