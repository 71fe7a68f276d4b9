import { DEFAULT_ACTOR } from '../model/actors.ts';
import { ACTIVE_STATUSES } from '../model/enum-values.ts';
import type { NewStep, RunRow, StoredRun } from '../model/rows.ts';
import { microsOf } from '../model/timestamps.ts';
import { presentMicros } from '../samples/instants.ts';
import { createRandom } from '../samples/random.ts';
import { seedOf } from '../samples/scenarios/index.ts';
import { durationMicros, sampleTimes } from '../samples/times.ts';
import type { RunStore } from '../store/store.ts';

/** More than samples leave under way unless there are millions. */
const MAX_SETTLED = 10_000;

/**
 * Ends the runs that nothing will ever go on with, so that only live ones are under way: sample runs, whose details
 * are still to be made, by completing, the same always in the same way; live runs of a process that has stopped by
 * failing now. Runs that others have written stay as they are.
 */
export function settleRuns(store: RunStore, now: Date): void {
  const { organizationId } = DEFAULT_ACTOR;
  const filters = { status: ACTIVE_STATUSES };
  store.transaction(() => {
    for (const run of store.list({ organizationId, filters, ascending: false, limit: MAX_SETTLED })) {
      if (run.lacks_details === 1n) store.update(run.id, endOfSample(run, now));
      else if (run.is_live === 1n) {
        store.update(run.id, { status: 'failed', stop_reason: 'error', completed_at: now.toISOString() });
        endOpenStep(store, run.id, { status: 'failed', stop_reason: 'error' });
      }
    }
  });
}

/** Ends the step that a run was in when it was ended. */
export function endOpenStep(store: RunStore, runId: string, end: Partial<NewStep>): void {
  const { organizationId } = DEFAULT_ACTOR;
  const [last] = store.steps.list(runId, { organizationId, ascending: false, limit: 1 });
  if (last !== undefined && JSON.parse(last.json).status === 'pending') store.steps.update(last.id, end);
}

function endOfSample({ id, created_at }: RunRow, now: Date): Partial<StoredRun> {
  const random = createRandom(seedOf(id));
  const created = microsOf(created_at);
  const duration = Math.min(durationMicros(random), Math.floor(0.9 * (presentMicros(now) - created)));
  return { ...sampleTimes(random, { created, duration }), status: 'completed', stop_reason: 'end_turn' };
}
