import type { ProfileOptions } from '../options.ts';
import type { RunStore } from '../store/run-store.ts';
import { createAccess } from './access.ts';
import { listAgents, retrieveAgent } from './agents.ts';
import { cancelRuns } from './cancel-runs.ts';
import {
  listAgentMessages,
  listConversationMessages,
  listConversations,
  retrieveConversation,
} from './conversations.ts';
import { type List, queryFor } from './paging.ts';
import { type ApiRequest, type Call, failure, HttpError, type Reply } from './request-reply.ts';
import { listInternalRuns, listRuns, retrieveMetrics, retrieveRun } from './runs.ts';
import { sendAsync, sendStreaming } from './send-messages.ts';
import { listMessages, listSteps, retrieveStep, retrieveStepMetrics } from './steps-and-messages.ts';

const RUNS: List = { isOfRuns: true, cursors: 'reversed', defaultLimit: 100, maxLimitOnCloud: 1000 };
const STEPS: List = { cursors: 'documented', defaultLimit: 100, maxLimitOnCloud: 200 };
const MESSAGES: List = { cursors: 'by time', defaultLimit: 100, maxLimitOnCloud: 200 };
const AGENTS: List = { cursors: 'documented', defaultLimit: 50, maxLimitOnCloud: 200 };
const CONVERSATIONS: List = { cursors: 'after alone', defaultLimit: 50, maxLimitOnCloud: 200 };

interface ApiOptions extends ProfileOptions {
  readonly store: RunStore;
  readonly now: () => Date;
}

/** Returns the JSON of a 200, or a reply that isn't JSON. @throws HttpError for any other answer */
type Handler = (call: Call) => string | Reply;

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
  ['GET', '/v1/agents/{agent_id}/messages', listAgentMessages, MESSAGES],
  ['POST', '/v1/agents/{agent_id}/messages/async', sendAsync],
  ['POST', '/v1/agents/{agent_id}/messages/cancel', cancelRuns],
  ['GET', '/v1/conversations/', listConversations, CONVERSATIONS],
  ['GET', '/v1/conversations/{conversation_id}', retrieveConversation],
  ['GET', '/v1/conversations/{conversation_id}/messages', listConversationMessages, MESSAGES],
  ['POST', '/v1/conversations/{conversation_id}/messages', sendStreaming],
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
  return (request) => {
    try {
      const actor = admit(request);
      const routes = PATTERNS.filter(({ pattern }) => pattern.test(request.path));
      const found = routes.find(({ method }) => method === request.method) ?? routes[0];
      if (found === undefined) throw failure(404, 'Not Found');
      const { method, handle, list, pattern } = found;
      if (method !== request.method) throw failure(405, 'Method Not Allowed', { allow: method });
      const query = list === undefined ? request.query : queryFor(list, request.query, options);
      const id = pattern.exec(request.path)?.[1] ?? '';
      const now = options.now();
      store.settle(now);
      const body = handle({ ...request, query, store, actor, id, now });
      return typeof body === 'string' ? { status: 200, body } : body;
    } catch (error) {
      if (error instanceof HttpError) return error.reply;
      throw error;
    }
  };
}
