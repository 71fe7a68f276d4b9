import { microsOf, stampText } from '../rows/stamps.ts';
import type { SampleAgent } from '../samples/agents.ts';
import { describeRun } from '../samples/details/run-details.ts';
import { chooseEnding, type Outcome } from '../samples/outcomes.ts';
import type { Random } from '../samples/random.ts';
import { sampleRun } from '../samples/sample-runs.ts';
import { UNFINISHED } from '../samples/times.ts';
import type { NewStep, Run, RunStore } from '../store.ts';

/** One change of the store, at a time in microseconds since the epoch. */
interface Event {
  readonly at: number;
  readonly apply: (store: RunStore) => void;
  /** Set for the change with which a run ends; what follows is its callback. */
  readonly isEnd?: true;
}

/** What will happen in one run unless it is cancelled. */
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
  const { error: _error, ...metadata }: { error?: unknown } = Object(run.metadata);
  const begun = { ...run, ...UNFINISHED, status: 'created', stop_reason: null, metadata };
  const started = created + random.between(SHORTEST_QUEUE, LONGEST_QUEUE);
  const finish = (store: RunStore): void => {
    store.update(id, ended);
    updateAgent(store, run);
  };
  const callBack = (store: RunStore): void =>
    store.update(id, { callback_sent_at, callback_status_code, callback_error });
  return {
    id,
    events: [
      { at: created, apply: (store) => store.insert([begun]) },
      { at: started, apply: (store) => store.update(id, { status: 'running' }) },
      // Nothing happens in it before it runs.
      ...stepEvents({ ...run, created_at: stampText(started) }),
      { at: created + duration, isEnd: true, apply: finish },
      ...(callback_sent_at === null ? [] : [{ at: microsOf(callback_sent_at), apply: callBack }]),
    ],
  };
}

/** Makes the events of the steps of a run: each begins, its messages are stored, it ends. */
function stepEvents(run: Run): Event[] {
  const { steps, messages, ends } = describeRun(run);
  const events = [
    ...steps.flatMap((step, index): Event[] => [
      { at: microsOf(step.created_at), apply: (store) => store.steps.insert([begunStep(step)]) },
      { at: ends[index] ?? 0, apply: (store) => store.steps.update(step.id, step) },
    ]),
    ...messages.map((message): Event => ({
      at: microsOf(message.created_at),
      apply: (store) => store.messages.insert([message]),
    })),
  ];
  // What happens at the same time stays in this order, so a step begins before its messages.
  return events.toSorted((a, b) => a.at - b.at);
}

/** What a step has before the model has answered. */
function begunStep({ id, run_id, created_at, agent_id, model }: NewStep): NewStep {
  return { id, run_id, created_at, agent_id, model };
}

/** Writes the end of a run into the row of its agent. */
function updateAgent({ agents }: RunStore, run: Run): void {
  const { agent_id, completed_at, stop_reason: last_stop_reason, total_duration_ns } = run;
  const last_run_duration_ms = Math.round(Number(total_duration_ns) / 1e6);
  const last = { last_run_completion: completed_at, last_run_duration_ms, last_stop_reason };
  agents.update(agent_id, { updated_at: completed_at, ...last });
}
