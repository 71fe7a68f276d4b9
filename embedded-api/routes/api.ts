import { createFront, type ProfileOptions } from '../profile/front.ts';
import type { RunStore } from '../store/store.ts';
import { listAgents, retrieveAgent } from './agents.ts';
import { cancelRuns } from './cancel-runs.ts';
import { type ApiRequest, errorReply, HttpError, jsonReply, type Reply } from './reply.ts';
import { listMessages, listSteps, retrieveStep, retrieveStepMetrics } from './run-parts.ts';
import { listInternalRuns, listRuns, retrieveMetrics, retrieveRun } from './runs.ts';

interface ApiOptions extends ProfileOptions {
  readonly store: RunStore;
  readonly now: () => Date;
}

type Handler = (store: RunStore, request: ApiRequest, id: string, now: Date) => Reply;

/** A name in braces stands for one segment, at most one of the path. */
const ROUTES: readonly (readonly [method: string, path: string, handle: Handler])[] = [
  ['GET', '/v1/health/', () => jsonReply('{"version":"0.16.7","status":"ok"}')],
  ['GET', '/v1/runs/', listRuns],
  ['GET', '/v1/_internal_runs/', listInternalRuns],
  ['GET', '/v1/runs/{run_id}', retrieveRun],
  ['GET', '/v1/runs/{run_id}/metrics', retrieveMetrics],
  ['GET', '/v1/runs/{run_id}/steps', listSteps],
  ['GET', '/v1/runs/{run_id}/messages', listMessages],
  ['GET', '/v1/steps/{step_id}', retrieveStep],
  ['GET', '/v1/steps/{step_id}/metrics', retrieveStepMetrics],
  ['GET', '/v1/agents/', listAgents],
  ['GET', '/v1/agents/{agent_id}', retrieveAgent],
  ['POST', '/v1/agents/{agent_id}/messages/cancel', cancelRuns],
];

const PATTERNS = ROUTES.map(([method, path, handle]) => ({
  method,
  handle,
  pattern: new RegExp(`^${path.replace(/\{\w+\}/, '([^/]+)')}$`),
}));

/**
 * Creates the routes of Letta 0.16.7 that the gateway asks, as a function from request to reply. Synchronous, like
 * SQLite.
 */
export function createApi({ store, now, ...profile }: ApiOptions): (request: ApiRequest) => Reply {
  const front = createFront({ ...profile, now });
  return (request) => {
    try {
      return route(store, front(request), now());
    } catch (error) {
      if (error instanceof HttpError) return error.reply;
      throw error;
    }
  };
}

function route(store: RunStore, request: ApiRequest, now: Date): Reply {
  const matching = PATTERNS.filter(({ pattern }) => pattern.test(request.path));
  const found = matching.find(({ method }) => method === request.method);
  const [other] = matching;
  if (found === undefined && other) return errorReply(405, 'Method Not Allowed', { allow: other.method });
  if (found === undefined) return errorReply(404, 'Not Found');
  return found.handle(store, request, found.pattern.exec(request.path)?.[1] ?? '', now);
}
