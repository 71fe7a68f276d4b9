import type { ListQuery, Position } from '../list-query.ts';
import { errorDetail, QueryReader } from '../params.ts';
import { pythonString } from '../python-repr.ts';
import type { CursorDialect, RunStore } from '../store.ts';
import { ACTIVE_STATUSES, RUN_STATUSES, STOP_REASONS } from '../vocabulary.ts';
import { listedRun } from '../wire-run.ts';
import { Refusal, requestActor } from './actor.ts';
import { errorReply, jsonReply, type Reply } from './reply.ts';
import type { ApiRequest } from './router.ts';

/** `GET /v1/runs/`. */
export function listRuns(store: RunStore, dialect: CursorDialect, request: ApiRequest): Reply {
  // The headers of Letta 0.16.7 are read before the query is: theirs is the first complaint.
  const actor = requestActor(request);
  const params = readParams(request.query);
  const statuses = params.statuses ?? (params.active ? ACTIVE_STATUSES : undefined);
  const unknown = statuses?.find((status) => !RUN_STATUSES.some((known) => known === status));
  if (unknown !== undefined) return errorReply(400, `${pythonString(unknown)} is not a valid RunStatus`);
  const agentIds = params.agentId ? [params.agentId] : params.agentIds;
  const { before, after, conversationId } = params;
  refuseNul([...(agentIds ?? []), conversationId, before, after]);
  return page(store, {
    organizationId: actor.organizationId,
    agentIds,
    statuses,
    background: params.background,
    stopReason: params.stopReason,
    conversationId,
    ascending: params.ascending || params.order === 'asc',
    limit: params.limit,
    following: findCursor(store, dialect === 'reversed' ? before : after),
    preceding: findCursor(store, dialect === 'reversed' ? after : before),
  });
}

/** `GET /v1/runs/active`: the newest 100 that haven't ended, without cursors. */
export function listActiveRuns(store: RunStore, request: ApiRequest): Reply {
  const { organizationId } = requestActor(request);
  const query = new QueryReader(new URLSearchParams(request.query));
  const agentId = query.text('agent_id');
  const background = query.bool('background', undefined);
  refuseErrors(query);
  refuseNul([agentId]);
  const agentIds = agentId ? [agentId] : undefined;
  return page(store, {
    organizationId,
    agentIds,
    background,
    statuses: ACTIVE_STATUSES,
    ascending: false,
    limit: 100,
  });
}

/** Read in Letta's order of declaration, which is the order of the complaints in a 422. */
function readParams(text: string) {
  const query = new QueryReader(new URLSearchParams(text));
  const params = {
    agentId: query.text('agent_id'),
    agentIds: query.texts('agent_ids'),
    statuses: query.texts('statuses'),
    background: query.bool('background', undefined),
    stopReason: query.choice('enum', 'stop_reason', STOP_REASONS, undefined),
    // An empty conversation id is a filter that matches nothing, unlike an empty agent id.
    conversationId: query.text('conversation_id'),
    before: query.text('before'),
    after: query.text('after'),
    limit: query.int('limit', 100, { ge: 1, le: 1000 }),
    order: query.choice('literal_error', 'order', ['asc', 'desc'], 'desc'),
    orderBy: query.choice('literal_error', 'order_by', ['created_at'], 'created_at'),
    active: query.bool('active', false),
    ascending: query.bool('ascending', false),
  };
  refuseErrors(query);
  return params;
}

function page(store: RunStore, query: ListQuery): Reply {
  return jsonReply(200, `[${store.list(query).map(listedRun).join(',')}]`);
}

/** Empty is absent, and a cursor that nobody has seen is silently ignored: page one again. */
function findCursor(store: RunStore, id: string | undefined): Position | undefined {
  return id ? store.findPosition(id) : undefined;
}

/** @throws Refusal (422) with all complaints at once. */
export function refuseErrors({ errors }: QueryReader): void {
  if (errors.length === 0) return;
  throw new Refusal(jsonReply(422, JSON.stringify({ trace_id: '', detail: errorDetail(errors) })));
}

/** PostgreSQL has no NUL in texts. @throws Refusal (500) as the driver's error comes out. */
function refuseNul(texts: readonly (string | undefined)[]): void {
  if (texts.some((text) => text?.includes('\0'))) {
    throw new Refusal(errorReply(500, 'A database error occurred.'));
  }
}
