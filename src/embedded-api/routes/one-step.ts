import type { StepMetricsRow, StepRow } from '../model/step.ts';
import type { RunStore } from '../store/store.ts';
import { singleStep, stepMetrics } from '../wire/step.ts';
import { requestActor } from './actor.ts';
import { notFound } from './one-run.ts';
import { readParameters } from './query-parameters.ts';
import { jsonReply, type Reply } from './reply.ts';
import type { ApiRequest } from './router.ts';

/** `GET /v1/steps/{step_id}`. */
export function retrieveStep(store: RunStore, request: ApiRequest, stepId: string): Reply {
  return jsonReply(200, singleStep(requireRow<StepRow>('Step', store.steps.retrieve, request, stepId)));
}

/** `GET /v1/steps/{step_id}/metrics`. */
export function retrieveStepMetrics(store: RunStore, request: ApiRequest, stepId: string): Reply {
  const find = store.steps.retrieveMetrics;
  return jsonReply(200, stepMetrics(requireRow<StepMetricsRow>('StepMetrics', find, request, stepId)));
}

/** `GET /v1/steps/{step_id}/trace`: Letta answers any valid id with null unless it records traces. */
export function retrieveStepTrace(request: ApiRequest, stepId: string): Reply {
  requestActor(request);
  readParameters(request.query, {}, { step_id: stepId });
  return jsonReply(200, 'null');
}

/** @param model the name of what Letta looks up, for its 404. @throws HttpError */
function requireRow<Row>(
  model: string,
  find: (id: string, organizationId: string) => Row | undefined,
  request: ApiRequest,
  stepId: string,
): Row {
  const actor = requestActor(request);
  readParameters(request.query, {}, { step_id: stepId });
  const row = find(stepId, actor.organizationId);
  if (row === undefined) throw notFound(model, stepId, actor);
  return row;
}
