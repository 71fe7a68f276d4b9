import type { RunRow } from '../model/run.ts';
import { epochNanoseconds } from '../model/timestamps.ts';
import type { RunStore } from '../store/store.ts';
import { assertValidAgent } from '../wire/agent.ts';
import { RowError } from '../wire/row-error.ts';
import { assertValidRun } from '../wire/run.ts';
import { denyApproval, openApproval } from './deny-approval.ts';

/** What Letta answers for one run; it says little about the run. */
export type Told = 'cancelled' | 'failed';

/** Letta counts the steps of one page. */
const MAX_STEPS = 50;

/**
 * Cancels a run as Letta 0.16.7 does. One that has a stop reason stays as it is, unless it waits for approval; one
 * that has ended without a stop reason is cancelled. Without metrics, and with a callback but no metadata, Letta
 * fails only after it has cancelled the run. The metrics know no tools, as there is no table of them here.
 */
export function cancelRun(store: RunStore, run: RunRow, now: Date): Told {
  if (!isReadable(store, run)) return 'failed';
  if (run.stop_reason !== null && run.stop_reason !== 'requires_approval') return 'cancelled';
  const { id, organization_id: organizationId } = run;
  const approval = openApproval(store, id);
  // Looked at first: what happened in a sample run is made from its row.
  const { length: steps } = store.steps.list(id, { organizationId, ascending: false, limit: MAX_STEPS });
  const at = now.toISOString();
  store.update(id, { status: 'cancelled', stop_reason: 'cancelled', completed_at: run.completed_at ?? at });
  if (store.agents.find(run.agent_id) !== undefined) {
    store.agents.update(run.agent_id, { last_stop_reason: 'cancelled', updated_at: at });
  }
  if (run.lacks_metrics === 1n) return 'failed';
  const started = BigInt(epochNanoseconds(run.created_at));
  store.update(id, {
    run_ns: BigInt(now.getTime()) * 1_000_000n - started,
    num_steps: steps,
    tools_used: null,
  });
  if (run.completed_at === null && run.callback_url !== null) {
    if (run.metadata === null || run.metadata.trim() === 'null') return 'failed';
    // Nothing is sent to anybody from here.
    store.update(id, { callback_sent_at: at, callback_status_code: 200 });
  }
  if (approval !== undefined) denyApproval(store, run, approval, at);
  return 'cancelled';
}

/** Whether Letta can read the run and its agent, which may not be stored here. */
function isReadable(store: RunStore, run: RunRow): boolean {
  try {
    assertValidRun(run);
    const agent = store.agents.find(run.agent_id);
    if (agent !== undefined) assertValidAgent(agent);
    return true;
  } catch (error) {
    if (error instanceof RowError) return false;
    throw error;
  }
}
