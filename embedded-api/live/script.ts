import type { StoredRun } from '../model/rows.ts';
import { microsOf } from '../model/timestamps.ts';
import type { SampleAgent } from '../samples/agents.ts';
import { describeRun } from '../samples/details/run-details.ts';
import { stampText } from '../samples/instants.ts';
import { chooseEnding, type Outcome } from '../samples/outcomes.ts';
import type { Random } from '../samples/random.ts';
import { sampleRun } from '../samples/sample-runs.ts';
import { UNFINISHED } from '../samples/times.ts';
import type { RunStore } from '../store/store.ts';
import { type Event, stepEvents } from './step-events.ts';

/** What will happen in one run unless somebody cancels it. */
export interface Script {
  readonly id: string;
  /** In order of time. */
  readonly events: readonly Event[];
}

const SECOND = 1_000_000;
const SHORTEST = 5 * SECOND;
const LONGEST = 60 * SECOND;
/** How long a run is only created. */
const [SHORTEST_QUEUE, LONGEST_QUEUE] = [0.5 * SECOND, 2 * SECOND];

/** More than in samples, so that those who watch for some minutes see each. */
const CALLBACKS = 0.25;
const APPROVALS = 0.08;
const FOR_APPROVAL: Outcome = { status: 'completed', stopReason: 'requires_approval' };

/** Writes the script of a run that is created at a time: it is made as a sample run that has ended. */
export function writeScript(random: Random, agent: SampleAgent, created: number): Script {
  const outcome = random.chance(APPROVALS) ? FOR_APPROVAL : chooseEnding(random);
  const duration = Math.round(SHORTEST + (LONGEST - SHORTEST) * random.next() ** 3);
  const steps = Math.max(1, Math.round(duration / random.between(3 * SECOND, 5 * SECOND)));
  const measured = { created, duration, steps, callbacks: CALLBACKS };
  const run = sampleRun(random, agent, outcome, measured);
  const { id, callback_sent_at, callback_status_code, callback_error, ...ended } = run;
  const { error: _error, ...asked }: { error?: unknown } = Object(ended.metadata);
  const begun = {
    ...run,
    ...UNFINISHED,
    status: 'created',
    stop_reason: null,
    metadata: asked,
    is_live: true,
  };
  const started = created + random.between(SHORTEST_QUEUE, LONGEST_QUEUE);
  // Nothing happens in it before it runs.
  const details = describeRun({ ...run, created_at: stampText(started) });
  const finish = (store: RunStore): void => {
    store.update(id, { ...ended, is_live: true });
    updateAgent(store, run);
  };
  const callBack = (store: RunStore): void =>
    store.update(id, { callback_sent_at, callback_status_code, callback_error });
  return {
    id,
    events: [
      { at: created, apply: (store) => store.insert([begun]) },
      { at: started, apply: (store) => store.update(id, { status: 'running' }) },
      ...stepEvents(details),
      { at: created + duration, isEnd: true, apply: finish },
      ...(callback_sent_at === null ? [] : [{ at: microsOf(callback_sent_at), apply: callBack }]),
    ],
  };
}

/** Writes the end of a run into the row of its agent. */
function updateAgent(
  store: RunStore,
  { agent_id, completed_at, stop_reason, total_duration_ns }: StoredRun,
): void {
  store.agents.update(agent_id, {
    updated_at: completed_at,
    last_run_completion: completed_at,
    last_run_duration_ms: Math.round(Number(total_duration_ns) / 1e6),
    last_stop_reason: stop_reason,
  });
}
