import type { MessageRow, RunRow, WireItem } from '../model/rows.ts';
import type { RunStore } from '../store/store.ts';
import { int, PAGE, readParameters, requireId, rowLimit } from './parameters.ts';
import { type ApiRequest, errorReply, HttpError, jsonReply, notFound, type Reply } from './reply.ts';
import { requireRun } from './runs.ts';

const LIST = { ...PAGE, limit: int() };
const DEFAULT_LIMIT = 100;

const missingStep = (id: string): string => `No Step found with id ${id}`;
const missingMessage = (id: string): string => `No message found with id '${id}' for agent 'None'.`;

/** `GET /v1/runs/{run_id}/steps`: newest first, with cursors as documented. */
export function listSteps(store: RunStore, request: ApiRequest, runId: string): Reply {
  const { before, after, limit = DEFAULT_LIMIT, order } = readParameters(request.query, LIST);
  requireRun(store, request, runId);
  const steps = store.steps.list(runId, {
    organizationId: request.actor.organizationId,
    ascending: order === 'asc',
    before: requireCursor(before, store.steps.findPosition, missingStep),
    after: requireCursor(after, store.steps.findPosition, missingStep),
    limit: rowLimit(limit),
  });
  return jsonReply(`[${steps.map(({ json }) => json).join(',')}]`);
}

/** `GET /v1/steps/{step_id}`. */
export function retrieveStep(store: RunStore, { actor }: ApiRequest, id: string): Reply {
  requireId('step', id);
  const row = store.steps.retrieve(id, actor.organizationId);
  if (row === undefined) throw notFound('Step', id, actor);
  return jsonReply(row.json);
}

/** `GET /v1/steps/{step_id}/metrics`: 404 for a step that wasn't measured. */
export function retrieveStepMetrics(store: RunStore, { actor }: ApiRequest, id: string): Reply {
  requireId('step', id);
  const row = store.steps.retrieve(id, actor.organizationId);
  if (row === undefined || row.step_ns === null) throw notFound('StepMetrics', id, actor);
  const { organization_id, run_id, json, step_start_ns, llm_request_ns, tool_execution_ns, step_ns } = row;
  return jsonReply(
    `{"id":"${id}","organization_id":"${organization_id}","provider_id":null,"run_id":${JSON.stringify(run_id)},` +
      `"agent_id":${JSON.stringify(JSON.parse(json).agent_id)},"step_start_ns":${step_start_ns},` +
      `"llm_request_start_ns":null,"llm_request_ns":${llm_request_ns},"tool_execution_ns":${tool_execution_ns},` +
      `"step_ns":${step_ns},"base_template_id":null,"template_id":null,"project_id":null}`,
  );
}

/**
 * `GET /v1/runs/{run_id}/messages`: oldest first, with cursors that mean earlier and later in both orders. The
 * limit counts stored messages, before the types of the run's request config are selected.
 */
export function listMessages(store: RunStore, request: ApiRequest, runId: string): Reply {
  const { before, after, limit = DEFAULT_LIMIT, order } = readParameters(request.query, LIST);
  const run = requireRun(store, request, runId);
  const ascending = order !== 'desc';
  const messages = store.messages.list(runId, {
    ascending,
    limit: rowLimit(limit),
    after: requireCursor(after, store.messages.findSequence, missingMessage),
    before: requireCursor(before, store.messages.findSequence, missingMessage),
  });
  const items = itemsOf(messages, typesOf(run));
  return jsonReply(JSON.stringify(ascending ? items : items.toReversed()));
}

/** The items of stored messages, oldest first. */
function itemsOf(messages: readonly MessageRow[], types: readonly string[] | undefined): readonly WireItem[] {
  const ids = new Set(messages.map(({ id }) => id));
  return messages
    .toSorted((a, b) => (a.rowid < b.rowid ? -1 : 1))
    .filter(({ omitted_with }) => omitted_with === null || !ids.has(omitted_with))
    .flatMap(({ json }): WireItem[] => JSON.parse(json).items)
    .filter(({ message_type }) => types?.includes(message_type) ?? true);
}

/** The types of messages that a run asked for; undefined for all. */
function typesOf({ json }: RunRow): readonly string[] | undefined {
  const types: unknown = JSON.parse(json).request_config?.include_return_message_types;
  return Array.isArray(types) && types.length > 0 ? types.map(String) : undefined;
}

/** Looks a cursor up; an absent or empty one is undefined. @throws HttpError 404 for an unknown one */
function requireCursor<Found>(
  id: string | undefined,
  find: (id: string) => Found | undefined,
  missing: (id: string) => string,
): Found | undefined {
  if (!id) return undefined;
  const found = find(id);
  if (found === undefined) throw new HttpError(errorReply(404, missing(id)));
  return found;
}
