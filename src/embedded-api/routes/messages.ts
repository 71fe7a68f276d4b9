import type { RunStore } from '../store/store.ts';
import { assertValidAgent } from '../wire/agent.ts';
import { listedMessages } from '../wire/messages/index.ts';
import { readPythonJson } from '../wire/python-json.ts';
import { includedTypes } from '../wire/request-config.ts';
import { assertValidRun } from '../wire/run.ts';
import { requestActor } from './actor.ts';
import { requireRun } from './one-run.ts';
import { PAGE_PARAMETERS, requireCursor, rowLimit } from './page-parameters.ts';
import { readParameters } from './query-parameters.ts';
import { jsonReply, type Reply } from './reply.ts';
import type { ApiRequest } from './router.ts';
import { timeCursors } from './time-cursors.ts';

/** The type of the agents whose texts are answers; those of others are thoughts. */
const ANSWERING_AGENT = 'letta_v1_agent';

/**
 * `GET /v1/runs/{run_id}/messages`: oldest first, with cursors that mean earlier and later in both orders. The
 * limit counts stored messages, before the types of the run's request config are selected.
 */
export function listRunMessages(store: RunStore, request: ApiRequest, runId: string): Reply {
  requestActor(request);
  const params = readParameters(request.query, PAGE_PARAMETERS);
  const run = requireRun(store, request, runId);
  assertValidRun(run);
  const find = store.messages.findSequence;
  const after = requireCursor(params.after, find, missingMessage);
  const before = requireCursor(params.before, find, missingMessage);
  const isAscending = params.order !== 'desc';
  const limit = rowLimit(params.limit);
  const messages = store.messages.list(runId, { ascending: isAscending, limit, before, after });
  const options = {
    textIsAnswer: isAnswering(store, run.agent_id),
    isReversed: !isAscending,
    types: run.request_config === null ? undefined : includedTypes(readPythonJson(run.request_config)),
    isBackfilled: true,
  };
  return jsonReply(200, listedMessages(messages, options));
}

/** `GET /v1/steps/{step_id}/messages`: the items of each message last first, and no error for an unknown step. */
export function listStepMessages(store: RunStore, request: ApiRequest, stepId: string): Reply {
  const { organizationId } = requestActor(request);
  const params = readParameters(request.query, PAGE_PARAMETERS, { step_id: stepId });
  const { before, after, limit, order } = params;
  const messages = store.messages.listOfStep(stepId, {
    organizationId,
    ascending: order !== 'desc',
    ...timeCursors('Message', { before, after }, store.messages.findPosition),
    limit: rowLimit(limit, Boolean(before && after)),
  });
  const options = { textIsAnswer: false, isReversed: true, isBackfilled: false };
  return jsonReply(200, listedMessages(messages, options));
}

/**
 * Whether the texts of an agent are answers. Letta reads the whole agent for it.
 * @throws RowError for an agent that Letta can't read
 */
function isAnswering({ agents }: RunStore, agentId: string): boolean {
  const agent = agents.find(agentId);
  // Databases from before agents were stored have runs without them.
  if (agent === undefined) return true;
  assertValidAgent(agent);
  return agent.agent_type === ANSWERING_AGENT;
}

function missingMessage(id: string): string {
  return `No message found with id '${id}' for agent 'None'.`;
}
