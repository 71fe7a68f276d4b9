import { ACTIVE_STATUSES } from '../../src/runs/outcomes.ts';
import { lastRunOf, type SampleAgent } from '../samples/agents.ts';
import { describeRun } from '../samples/details/run-details.ts';
import { UNFINISHED } from '../samples/measurements.ts';
import { chooseEnding, type Outcome } from '../samples/outcomes.ts';
import type { Random } from '../samples/random.ts';
import { sampleRun } from '../samples/sample-runs.ts';
import { seedOf } from '../samples/scenarios/index.ts';
import type { NewStep, Run, RunStore } from '../store/run-store.ts';
import { pendingIn } from '../store/stored-conversations.ts';
import { microsOf, timestampOf } from '../store/timestamps.ts';

/** The changes of one run unless it is cancelled; times are in microseconds since the epoch. */
export interface Script {
  readonly id: string;
  /** When the run ends; its callback follows. */
  readonly end: number;
  /** The changes in the store, in order of time. */
  readonly changes: { readonly at: number; readonly apply: () => void }[];
}

const SECOND = 1_000_000;
const SHORTEST = 5 * SECOND;
const LONGEST = 60 * SECOND;
/** How long a run has the status `created`. */
const [SHORTEST_QUEUE, LONGEST_QUEUE] = [0.5 * SECOND, 2 * SECOND];

/** Shares of runs, larger than in the samples, so that each is seen within minutes. */
const CALLBACKS = 0.25;
const APPROVALS = 0.08;
const FOR_APPROVAL: Outcome = { status: 'completed', stopReason: 'requires_approval' };

/**
 * Writes the script of a run, which is made as a sample run that has ended. It answers what its conversation waits for.
 * @param created when the run is created
 */
export function writeScript(random: Random, agent: SampleAgent, created: number, store: RunStore): Script {
  const outcome = random.chance(APPROVALS) ? FOR_APPROVAL : chooseEnding(random);
  const duration = Math.round(SHORTEST + (LONGEST - SHORTEST) * random.next() ** 3);
  const count = Math.max(1, Math.round(duration / random.between(3 * SECOND, 5 * SECOND)));
  const made = sampleRun(random, agent, outcome, { created, duration, steps: count, callbacks: CALLBACKS });
  const others = store.of(made.organization_id).filter(({ agent_id }) => agent_id === agent.id);
  const waiting = others.find((other) => isAnswerable(store, other));
  const wanted = waiting !== undefined && random.chance(0.5) ? waiting : made;
  const isBusy = others.some((other) => isActive(other) && other.conversation_id === wanted.conversation_id);
  const conversation_id = isBusy ? `conv-${random.uuid()}` : wanted.conversation_id;
  const answers = pendingIn(store, { ...made, conversation_id })?.run_id ?? null;
  const run = { ...made, conversation_id, answers };
  const { id, callback_sent_at, callback_status_code, callback_error, ...ended } = run;
  const { error: _error, ...metadata }: { error?: unknown } = Object(run.metadata);
  const begun = { ...run, ...UNFINISHED, status: 'created', stop_reason: null, metadata };
  const started = created + random.between(SHORTEST_QUEUE, LONGEST_QUEUE);
  const end = created + duration;
  // A run takes no step before it runs.
  const { steps, messages, ends } = describeRun({ ...run, created_at: timestampOf(started) }, store);
  const callback = { callback_sent_at, callback_status_code, callback_error };
  const changes: Script['changes'] = [
    { at: created, apply: () => store.insert([begun]) },
    { at: started, apply: () => store.update(id, { status: 'running' }) },
    ...steps.flatMap((step, at): Script['changes'] => [
      { at: microsOf(step.created_at), apply: () => store.steps.insert([begunStep(step)]) },
      { at: ends[at] ?? end, apply: () => store.steps.update(step.id, step) },
    ]),
    ...messages.map((message) => ({
      at: microsOf(message.created_at),
      apply: () => store.messages.insert([message]),
    })),
    { at: end, apply: () => finish(store, run, ended) },
    { at: microsOf(callback_sent_at ?? timestampOf(end)), apply: () => store.update(id, callback) },
  ];
  // Changes at the same time stay in this order, so a step begins before its messages.
  return { id, end, changes: changes.toSorted((a, b) => a.at - b.at) };
}

/** Whether a run waits, and a live run is to be created that answers it; one in five is left waiting. */
function isAnswerable(store: RunStore, run: Run): boolean {
  return run.asks !== null && seedOf(run.id) % 5 > 0 && pendingIn(store, run)?.run_id === run.id;
}

/** Whether a run has not ended. */
export function isActive(run: Run | undefined): boolean {
  return ACTIVE_STATUSES.some((active) => active === run?.status);
}

/** Returns the fields of a step before the model has answered. */
function begunStep({ id, run_id, created_at, agent_id, model }: NewStep): NewStep {
  return { id, run_id, created_at, agent_id, model };
}

/** Ends a run, and records its end in the row of its agent. */
function finish(store: RunStore, run: Run, ended: Partial<Run>): void {
  store.update(run.id, ended);
  store.agents.update(run.agent_id, { updated_at: run.completed_at, ...lastRunOf(run) });
}
