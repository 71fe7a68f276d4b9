import type { WireItem } from '../rows/items.ts';
import { STEP, STEP_METRICS, wireText } from '../rows/kinds.ts';
import type { Message, Run, Step } from '../store.ts';
import { findCursor, type List, listText, PAGE, pageOf } from './list.ts';
import { readParameters, requireId } from './parameters.ts';
import { type Call, failure, notFound } from './reply.ts';
import { requireRun } from './runs.ts';

export const STEP_LIST: List = { cursors: 'documented', defaultLimit: 100, maxLimitOnCloud: 200 };
export const MESSAGE_LIST: List = { cursors: 'by time', defaultLimit: 100, maxLimitOnCloud: 200 };

/** `GET /v1/runs/{run_id}/steps`: newest first, with cursors as documented. */
export function listSteps(call: Call): string {
  const { before, after, limit = 0, order } = readParameters(call.query, PAGE);
  const { id: runId } = requireRun(call);
  const { steps } = call.store;
  const isAscending = order === 'asc';
  const cursor = (id: string | undefined) =>
    findCursor(id, steps, (unknown) => failure(404, `No Step found with id ${unknown}`));
  const [preceded, followed] = [cursor(before), cursor(after)];
  // As Letta 0.16.7 does, a descending list compares the times backwards but the ids of equal times forwards.
  const precedes = (a: Step, b: Step): boolean =>
    a.created_at === b.created_at ? a.id < b.id : a.created_at < b.created_at === isAscending;
  const page = pageOf(
    steps.in(runId),
    { isAscending, limit },
    (step) =>
      step.organization_id === call.actor.organizationId &&
      (preceded === undefined || precedes(step, preceded)) &&
      (followed === undefined || precedes(followed, step)),
  );
  return listText(page.map((step) => wireText(STEP.sent, step)));
}

/** `GET /v1/steps/{step_id}`. */
export function retrieveStep(call: Call): string {
  return wireText(STEP.sent, requireStep(call, 'Step'));
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
  const { messages } = call.store;
  const isAscending = order !== 'desc';
  const cursor = (id: string | undefined) =>
    findCursor(id, messages, (unknown) =>
      failure(404, `No message found with id '${unknown}' for agent 'None'.`),
    )?.sequence;
  const [later = -Infinity, earlier = Infinity] = [cursor(after), cursor(before)];
  const page = pageOf(
    messages.in(run.id),
    { isAscending, limit },
    ({ sequence }) => sequence > later && sequence < earlier,
  );
  const items = itemsOf(isAscending ? page : page.toReversed(), typesOf(run));
  return JSON.stringify(isAscending ? items : items.toReversed());
}

/** The items of stored messages, oldest first. */
function itemsOf(messages: readonly Message[], types: readonly string[] | undefined): readonly WireItem[] {
  const ids = new Set(messages.map(({ id }) => id));
  return messages
    .filter(({ omitted_with }) => omitted_with === null || !ids.has(omitted_with))
    .flatMap(({ items }) => items)
    .filter(({ message_type }) => types?.includes(message_type) ?? true);
}

/** The types of messages that a run asked for; undefined for all. */
function typesOf({ request_config }: Run): readonly string[] | undefined {
  const { include_return_message_types: types }: { include_return_message_types?: unknown } =
    Object(request_config);
  return Array.isArray(types) && types.length > 0 ? types.map(String) : undefined;
}
