import type { RunStore } from '../store/store.ts';
import { listedSteps } from '../wire/step.ts';
import { usageOf } from '../wire/usage.ts';
import { requestActor } from './actor.ts';
import { requireRun } from './one-run.ts';
import { PAGE_PARAMETERS, rowLimit } from './page-parameters.ts';
import { readParameters } from './query-parameters.ts';
import { jsonReply, type Reply } from './reply.ts';
import type { ApiRequest } from './router.ts';
import { timeCursors } from './time-cursors.ts';

/** Letta 0.16.7 adds up one page of steps, by mistake. */
const STEPS_OF_USAGE = 50;

/** `GET /v1/runs/{run_id}/steps`. */
export function listRunSteps(store: RunStore, request: ApiRequest, runId: string): Reply {
  const { organizationId } = requestActor(request);
  const { before, after, limit, order } = readParameters(request.query, PAGE_PARAMETERS);
  requireRun(store, request, runId);
  const steps = store.steps.list(runId, {
    organizationId,
    ascending: order === 'asc',
    ...timeCursors('Step', { before, after }, store.steps.findPosition),
    limit: rowLimit(limit, Boolean(before && after)),
  });
  return jsonReply(200, listedSteps(steps));
}

/** `GET /v1/runs/{run_id}/usage`: the sums of the newest 50 steps. */
export function retrieveUsage(store: RunStore, request: ApiRequest, runId: string): Reply {
  const { organizationId } = requestActor(request);
  requireRun(store, request, runId);
  const query = { organizationId, ascending: false, limit: STEPS_OF_USAGE };
  return jsonReply(200, usageOf(store.steps.list(runId, query)));
}
