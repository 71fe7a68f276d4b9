import type { WireItem } from '../store/message-items.ts';
import type { Row, RowStore } from '../store/row-store.ts';
import type { Message, Run, Step } from '../store/run-store.ts';
import { STEP, STEP_METRICS, wireText } from '../store/wire-format.ts';
import { PAGE, pageText } from './paging.ts';
import { readParameters, requireId } from './parameters.ts';
import { type Call, databaseError, failure, notFound } from './request-reply.ts';
import { requireRun } from './runs.ts';

/** `GET /v1/runs/{run_id}/steps`: newest first, with cursors as documented. */
export function listSteps(call: Call): string {
  const { before, after, limit, order } = readParameters(call.query, PAGE);
  const { id: runId } = requireRun(call);
  const isAscending = order === 'asc';
  const find = (id: string | undefined) => findCursor(call.store.steps, id, `No Step found with id ${id}`);
  const [preceded, followed] = [find(before), find(after)];
  // As Letta 0.16.7 does, a descending list compares the times backwards but the ids of equal times forwards.
  const precedes = (a: Step, b: Step): boolean =>
    a.created_at === b.created_at ? a.id < b.id : a.created_at < b.created_at === isAscending;
  const isListed = (step: Step): boolean =>
    step.organization_id === call.actor.organizationId &&
    (preceded === undefined || precedes(step, preceded)) &&
    (followed === undefined || precedes(followed, step));
  return pageText(call.store.steps.of(runId), { isAscending, limit }, isListed, (step) =>
    wireText(STEP, step),
  );
}

/** Looks a cursor up; an empty text is no cursor. @throws HttpError 404 for an unknown cursor */
function findCursor<R extends Row>(
  rows: RowStore<R>,
  id: string | undefined,
  unknown: string,
): R | undefined {
  const row = id ? rows.find(id) : undefined;
  if (id && row === undefined) throw failure(404, unknown);
  return row;
}

export function retrieveStep(call: Call): string {
  return wireText(STEP, requireStep(call, 'Step'));
}

/** `GET /v1/steps/{step_id}/metrics`: 404 for a step that wasn't measured. */
export function retrieveStepMetrics(call: Call): string {
  const step = requireStep(call, 'StepMetrics');
  if (step.step_ns === null) throw notFound('StepMetrics', call);
  return wireText(STEP_METRICS, { ...step, provider_id: null, project_id: null });
}

function requireStep(call: Call, model: string): Step {
  requireId('step', call.id);
  const step = call.store.steps.find(call.id);
  if (step?.organization_id !== call.actor.organizationId) throw notFound(model, call);
  return step;
}

/**
 * `GET /v1/runs/{run_id}/messages`: oldest first, with cursors that mean earlier and later in both orders. The
 * limit counts stored messages, before the types of the run's request config are selected.
 */
export function listMessages(call: Call): string {
  const { before, after, limit = 0, order } = readParameters(call.query, PAGE);
  const run = requireRun(call);
  const find = (id: string | undefined) =>
    findCursor(call.store.messages, id, `No message found with id '${id}' for agent 'None'.`)?.sequence;
  const [later = -1, earlier = Infinity] = [find(after), find(before)];
  if (limit < 0) throw databaseError();
  const stored = call.store.messages
    .of(run.id)
    .filter(({ sequence }) => sequence > later && sequence < earlier)
    .toSorted((a, b) => a.sequence - b.sequence);
  const isAscending = order !== 'desc';
  const items = itemsOf(firstOf(stored, isAscending, limit), typesOf(run));
  return JSON.stringify(isAscending ? items : items.toReversed());
}

/** Returns as many stored messages as the limit says, from the top of the list, oldest first. */
export function firstOf(stored: readonly Message[], isAscending: boolean, limit: number): readonly Message[] {
  return isAscending ? stored.slice(0, limit) : stored.slice(Math.max(0, stored.length - limit));
}

/** The items of stored messages, oldest first. */
export function itemsOf(messages: readonly Message[], types?: readonly string[]): readonly WireItem[] {
  const ids = new Set(messages.map(({ id }) => id));
  return messages
    .filter(({ omitted_with }) => omitted_with === null || !ids.has(omitted_with))
    .flatMap(({ items }) => items)
    .filter(({ message_type }) => types?.includes(message_type) ?? true);
}

/** The types of messages that a run returns; undefined for all. */
function typesOf({ request_config }: Run): readonly string[] | undefined {
  const { include_return_message_types: types }: { include_return_message_types?: unknown } =
    Object(request_config);
  return Array.isArray(types) && types.length > 0 ? types.map(String) : undefined;
}
