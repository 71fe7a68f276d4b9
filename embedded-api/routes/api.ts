import type { ProfileOptions } from '../options.ts';
import type { RunStore } from '../store.ts';
import { createAccess } from './access.ts';
import { listAgents, retrieveAgent } from './agents.ts';
import { cancelRuns } from './cancel-runs.ts';
import { type List, queryFor } from './paging.ts';
import { type ApiRequest, type Call, failure, HttpError, type Reply } from './request-reply.ts';
import { listInternalRuns, listRuns, retrieveMetrics, retrieveRun } from './runs.ts';
import { listMessages, listSteps, retrieveStep, retrieveStepMetrics } from './steps-and-messages.ts';

const RUNS: List = { isOfRuns: true, cursors: 'reversed', defaultLimit: 100, maxLimitOnCloud: 1000 };
const STEPS: List = { cursors: 'documented', defaultLimit: 100, maxLimitOnCloud: 200 };
const MESSAGES: List = { cursors: 'by time', defaultLimit: 100, maxLimitOnCloud: 200 };
const AGENTS: List = { cursors: 'documented', defaultLimit: 50, maxLimitOnCloud: 200 };

interface ApiOptions extends ProfileOptions {
  readonly store: RunStore;
  readonly now: () => Date;
}

/** Returns the JSON of a 200. @throws HttpError for any other answer */
type Handler = (call: Call) => string;

/** A name in braces stands for one segment, at most one of the path. */
const ROUTES: readonly (readonly [method: string, path: string, handle: Handler, list?: List])[] = [
  ['GET', '/v1/health/', () => '{"version":"0.16.7","status":"ok"}'],
  ['GET', '/v1/runs/', listRuns, RUNS],
  ['GET', '/v1/_internal_runs/', listInternalRuns, RUNS],
  ['GET', '/v1/runs/{run_id}', retrieveRun],
  ['GET', '/v1/runs/{run_id}/metrics', retrieveMetrics],
  ['GET', '/v1/runs/{run_id}/steps', listSteps, STEPS],
  ['GET', '/v1/runs/{run_id}/messages', listMessages, MESSAGES],
  ['GET', '/v1/steps/{step_id}', retrieveStep],
  ['GET', '/v1/steps/{step_id}/metrics', retrieveStepMetrics],
  ['GET', '/v1/agents/', listAgents, AGENTS],
  ['GET', '/v1/agents/{agent_id}', retrieveAgent],
  ['POST', '/v1/agents/{agent_id}/messages/cancel', cancelRuns],
];

const PATTERNS = ROUTES.map(([method, path, handle, list]) => ({
  method,
  handle,
  list,
  pattern: new RegExp(`^${path.replace(/\{\w+\}/, '([^/]+)')}$`),
}));

/** Creates the routes of Letta 0.16.7 that the gateway asks, as a function from request to reply. */
export function createApi({ store, ...options }: ApiOptions): (request: ApiRequest) => Reply {
  const admit = createAccess(options);
  const answer = (request: ApiRequest): Reply => {
    const actor = admit(request);
    const found = PATTERNS.find(({ pattern }) => pattern.test(request.path));
    if (found === undefined) throw failure(404, 'Not Found');
    const { method, handle, list, pattern } = found;
    if (method !== request.method) throw failure(405, 'Method Not Allowed', { allow: method });
    const query = list === undefined ? request.query : queryFor(list, request.query, options);
    const id = pattern.exec(request.path)?.[1] ?? '';
    return { status: 200, body: handle({ ...request, query, store, actor, id, now: options.now() }) };
  };
  return (request) => {
    try {
      return answer(request);
    } catch (error) {
      if (error instanceof HttpError) return error.reply;
      throw error;
    }
  };
}
