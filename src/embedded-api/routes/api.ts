import { createFront, type ProfileOptions } from '../profile/index.ts';
import type { RunStore } from '../store/store.ts';
import { RowError } from '../wire/row-error.ts';
import { requestActor } from './actor.ts';
import { countAgents, listAgents, retrieveAgent } from './agents.ts';
import { cancelRuns } from './cancel-runs.ts';
import { answerPreflight, withCorsHeaders } from './cors.ts';
import { HttpError } from './http-error.ts';
import { listInternalRuns } from './internal-runs.ts';
import { listActiveRuns, listRuns } from './list-runs.ts';
import { listRunMessages, listStepMessages } from './messages.ts';
import { retrieveMetrics, retrieveRun, retrieveTrace, streamRun } from './one-run.ts';
import { retrieveStep, retrieveStepMetrics, retrieveStepTrace } from './one-step.ts';
import { bool, choice, int, readParameters } from './query-parameters.ts';
import { errorReply, jsonReply, redirectReply, type Reply, unhandledReply } from './reply.ts';
import { type ApiRequest, type AwaitingBody, createRouter, type Route } from './router.ts';
import { listRunSteps, retrieveUsage } from './run-steps.ts';

/** Those that can be invalid, in Letta's order of declaration. */
const STEP_PARAMETERS = {
  limit: int(),
  order: choice('literal_error', ['asc', 'desc']),
  order_by: choice('literal_error', ['created_at']),
  feedback: choice('literal_error', ['positive', 'negative']),
  has_feedback: bool,
};

interface ApiOptions extends ProfileOptions {
  readonly store: RunStore;
  readonly now: () => Date;
}

/**
 * Creates the routes of Letta 0.16.7 as a function from request to reply. Synchronous, like SQLite; a route that
 * reads a body answers when it is given one.
 */
export function createApi({
  store,
  now,
  ...profile
}: ApiOptions): (request: ApiRequest) => Reply | AwaitingBody {
  const routes: Route[] = [
    { method: 'GET', path: '/health/', handle: health },
    { method: 'GET', path: '/ready/', handle: health },
    { method: 'GET', path: '/runs/', handle: (request) => listRuns(store, request) },
    {
      method: 'GET',
      path: '/_internal_runs/',
      handle: (request) => listInternalRuns(store, request),
    },
    { method: 'GET', path: '/runs/active', handle: (request) => listActiveRuns(store, request) },
    { method: 'GET', path: '/runs/{run_id}', handle: (request, id) => retrieveRun(store, request, id) },
    {
      method: 'GET',
      path: '/runs/{run_id}/metrics',
      handle: (request, id) => retrieveMetrics(store, request, id),
    },
    {
      method: 'GET',
      path: '/runs/{run_id}/usage',
      handle: (request, id) => retrieveUsage(store, request, id),
    },
    {
      method: 'GET',
      path: '/runs/{run_id}/steps',
      handle: (request, id) => listRunSteps(store, request, id),
    },
    {
      method: 'GET',
      path: '/runs/{run_id}/messages',
      handle: (request, id) => listRunMessages(store, request, id),
    },
    { method: 'GET', path: '/runs/{run_id}/trace', handle: retrieveTrace },
    { method: 'DELETE', path: '/runs/{run_id}', handle: brokenDelete },
    {
      method: 'POST',
      path: '/runs/{run_id}/stream',
      handle: (request, id) => streamRun(store, now, request, id),
    },
    { method: 'GET', path: '/steps/', handle: brokenSteps },
    { method: 'GET', path: '/steps/{step_id}', handle: (request, id) => retrieveStep(store, request, id) },
    {
      method: 'GET',
      path: '/steps/{step_id}/metrics',
      handle: (request, id) => retrieveStepMetrics(store, request, id),
    },
    {
      method: 'GET',
      path: '/steps/{step_id}/messages',
      handle: (request, id) => listStepMessages(store, request, id),
    },
    { method: 'GET', path: '/steps/{step_id}/trace', handle: retrieveStepTrace },
    { method: 'GET', path: '/agents/', handle: (request) => listAgents(store.agents, request) },
    { method: 'GET', path: '/agents/count', handle: (request) => countAgents(store.agents, request) },
    { method: 'PATCH', path: '/agents/{agent_id}' },
    {
      method: 'GET',
      path: '/agents/{agent_id}',
      handle: (request, id) => retrieveAgent(store.agents, request, id),
    },
    // A message of any name, which Letta declares first.
    { method: 'PATCH', path: '/agents/{agent_id}/messages/cancel' },
    {
      method: 'POST',
      path: '/agents/{agent_id}/messages/cancel',
      handle: (request, id) => cancelRuns(store, now, request, id),
    },
    { method: 'GET', path: '/', handle: () => redirectReply('/docs'), isRoot: true },
  ];
  const route = createRouter(routes);
  const front = createFront({ ...profile, now });
  return (request) => {
    const preflight = answerPreflight(request);
    if (preflight !== undefined) return preflight;
    const result = caught(() => route(front(request)));
    if (!('answer' in result)) return withCorsHeaders(request, result);
    return {
      answer: (body) =>
        withCorsHeaders(
          request,
          caught(() => result.answer(body)),
        ),
    };
  };
}

/** Returns what a function returns, or the reply for the error of Letta that it throws. */
function caught<Result>(answer: () => Result): Result | Reply {
  try {
    return answer();
  } catch (error) {
    if (error instanceof HttpError) return error.reply;
    if (!(error instanceof RowError)) throw error;
    return error.isUnhandled ? unhandledReply() : errorReply(400, error.message);
  }
}

function health(): Reply {
  return jsonReply(200, '{"version":"0.16.7","status":"ok"}');
}

/** Letta 0.16.7 calls a nonexistent method here. */
function brokenDelete(request: ApiRequest): Reply {
  requestActor(request);
  return unhandledReply();
}

/** Letta 0.16.7 passes a boolean here where its own type check requires a string. */
function brokenSteps(request: ApiRequest): Reply {
  requestActor(request);
  const { order } = readParameters(request.query, STEP_PARAMETERS);
  const ascending = order === 'asc' ? 'True' : 'False';
  return errorReply(
    400,
    `Argument order does not match type typing.Optional[str]; is ${ascending} of type <class 'bool'>`,
  );
}
