import { denialByCancel } from '../store/message-items.ts';
import type { Run, RunStore } from '../store/run-store.ts';
import { pendingIn } from '../store/stored-conversations.ts';
import { microsOf } from '../store/timestamps.ts';
import { authorOf } from '../store/turns.ts';
import { requireId } from './parameters.ts';
import { type Call, invalid } from './request-reply.ts';

/** Letta counts only the steps of one page. */
const MAX_STEPS = 50;

const CANCELLED = { status: 'cancelled', stop_reason: 'cancelled' };

/**
 * `POST /v1/agents/{agent_id}/messages/cancel`. The runs may be of any agent of the organization, and the agent
 * in the path need not exist.
 */
export function cancelRuns({ store, actor, body, id: agentId, now }: Call): string {
  requireId('agent', agentId);
  const outcomes = new Map<string, string>();
  for (const id of runIdsIn(body)) {
    const run = store.find(id);
    const isFound = run?.organization_id === actor.organizationId;
    outcomes.set(id, isFound ? cancelRun(store, run, now) : 'failed');
  }
  // An object would sort ids that are numbers.
  const entries = Array.from(outcomes, ([id, outcome]) => `${JSON.stringify(id)}:"${outcome}"`);
  return `{${entries.join(',')}}`;
}

/** Returns the ids in a body. Letta also takes bodies without ids, which the gateway never sends. @throws HttpError 422 */
function runIdsIn(body: string): readonly string[] {
  try {
    const { run_ids: ids }: { run_ids?: unknown } = Object(JSON.parse(body));
    if (Array.isArray(ids) && ids.every((id) => typeof id === 'string')) return ids;
  } catch {
    // The body isn't JSON.
  }
  throw invalid([
    { type: 'list_type', loc: ['body', 'run_ids'], msg: 'Input should be a valid list', input: body },
  ]);
}

/**
 * Cancels a run as Letta 0.16.7 does, and denies what the default conversation of its agent waits for, whichever run
 * asked. A run with a stop reason stays as it is, unless it paused for approval. Without metrics, Letta fails only
 * after it has cancelled the run. The metrics have no tools, since none are stored here. The response says little.
 */
function cancelRun(store: RunStore, run: Run, now: Date): 'cancelled' | 'failed' {
  if (run.stop_reason !== null && run.stop_reason !== 'requires_approval') return 'cancelled';
  const { id, agent_id, completed_at, callback_url, lacks_metrics } = run;
  const at = now.toISOString();
  // Read before the update: the steps of a sample run are made from its row.
  const steps = store.steps.of(id);
  const step = steps.at(-1);
  if (step?.['status'] === 'pending') store.steps.update(step.id, CANCELLED);
  store.update(id, {
    ...CANCELLED,
    completed_at: completed_at ?? at,
    // Stored as if the callback was sent, which this server never does.
    ...(completed_at === null &&
      callback_url !== null && { callback_sent_at: at, callback_status_code: 200 }),
    ...(!lacks_metrics && {
      run_ns: (now.getTime() * 1000 - microsOf(run.created_at)) * 1000,
      num_steps: Math.min(steps.length, MAX_STEPS),
      tools_used: null,
    }),
  });
  const request = pendingIn(store, { ...run, conversation_id: null });
  if (request !== undefined) {
    store.messages.insert(denialByCancel(authorOf(run), request, at));
    store.update(id, { denies: request.run_id });
  }
  if (store.agents.find(agent_id) !== undefined) {
    store.agents.update(agent_id, { last_stop_reason: 'cancelled', updated_at: at });
  }
  return lacks_metrics ? 'failed' : 'cancelled';
}
