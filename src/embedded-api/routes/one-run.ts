import { type Actor, actorRepr } from '../model/actors.ts';
import type { RunRow } from '../model/run.ts';
import type { RunStore } from '../store/store.ts';
import { wireMetrics } from '../wire/metrics.ts';
import { pythonString } from '../wire/python-repr.ts';
import { singleRun } from '../wire/run.ts';
import { requestActor, requireId } from './actor.ts';
import { HttpError } from './http-error.ts';
import { int, readParameters } from './query-parameters.ts';
import { errorReply, jsonReply, type Reply } from './reply.ts';
import type { ApiRequest } from './router.ts';

const STREAM_LIFETIME_MS = 3 * 60 * 60 * 1000;

/** `GET /v1/runs/{run_id}`. */
export function retrieveRun(store: RunStore, request: ApiRequest, runId: string): Reply {
  return jsonReply(200, singleRun(requireRun(store, request, runId)));
}

/** `GET /v1/runs/{run_id}/metrics`: also 404 if the run has no row of metrics. */
export function retrieveMetrics(store: RunStore, request: ApiRequest, runId: string): Reply {
  const row = requireRun(store, request, runId, 'RunMetrics');
  if (row.lacks_metrics === 1n) throw notFound('RunMetrics', runId, requestActor(request));
  return jsonReply(200, wireMetrics(row));
}

/**
 * `POST /v1/runs/{run_id}/stream` in an installation without Redis: always an error.
 * @param now the clock by which runs expire.
 */
export function streamRun(store: RunStore, now: () => Date, request: ApiRequest, runId: string): Reply {
  const row = requireRun(store, request, runId);
  if (row.background !== 1n) {
    const detail = 'Run was not created in background mode, so it cannot be retrieved.';
    return errorReply(400, `INVALID_ARGUMENT: ${detail}`);
  }
  if (Date.parse(row.created_at) < now().getTime() - STREAM_LIFETIME_MS) {
    return errorReply(410, 'EXPIRED: Run was created more than 3 hours ago, and is now expired.');
  }
  return errorReply(
    503,
    'Background streaming requires Redis to be running. Please ensure Redis is properly configured. ' +
      'LETTA_REDIS_HOST: None, LETTA_REDIS_PORT: 6379',
  );
}

/** `GET /v1/runs/{run_id}/trace` in an installation without ClickHouse: rejected before the id is looked at. */
export function retrieveTrace(request: ApiRequest): Reply {
  requestActor(request);
  readParameters(request.query, { limit: int({ ge: 1, le: 5000 }) });
  return errorReply(
    501,
    'OTEL traces require ClickHouse. Set LETTA_CLICKHOUSE_ENDPOINT and configure ClickHouse connection.',
  );
}

/**
 * @param model the name of what Letta looks up, for its 404.
 * @throws HttpError 400 for an id that isn't `run-` and a version 4 UUID, 404 for a run that doesn't exist.
 */
export function requireRun(store: RunStore, request: ApiRequest, runId: string, model = 'Run'): RunRow {
  const actor = requestActor(request);
  const row = store.retrieve(requireId('run', runId), actor.organizationId);
  if (row === undefined) throw notFound(model, runId, actor);
  return row;
}

/** The 404 for a missing row and for one of another organization, with the repr of the actor that Letta leaks. */
export function notFound(model: string, id: string, actor: Actor): HttpError {
  const scope = `access level in ['read'] for actor='${actorRepr(actor)}'`;
  return new HttpError(errorReply(404, `${model} not found with id='[${pythonString(id)}]', ${scope}`));
}
