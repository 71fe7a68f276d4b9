import { enumValues } from '../../src/runs/run-enums.ts';
import { SECOND_ACTOR } from '../store/actors.ts';
import { BLANK_RUN, type NewAgent, type Run, type RunStore } from '../store/run-store.ts';
import { timestampOf } from '../store/timestamps.ts';
import {
  createAgent,
  createAgents,
  inEnglish,
  pickAgent,
  pickConversation,
  sampleAgent,
  traitsOf,
  type SampleAgent,
} from './agents.ts';
import { ASKS, linkApprovals, STAGED } from './approvals.ts';
import { creationInstants, presentMicros } from './creation-times.ts';
import { describeRun } from './details/run-details.ts';
import { durationMicros, type Measured, sampleTimes, UNFINISHED } from './measurements.ts';
import { chooseOutcome, type Outcome } from './outcomes.ts';
import { createRandom, type Random } from './random.ts';
import { scenarioOf, seedOf } from './scenarios/index.ts';

/** Runs of the second organization, each at the time of a run of the first, in addition to `count`. */
const FOREIGN_RUNS = 5;

const RUN_TYPES = ['send_message', 'send_message_streaming', 'send_conversation_message'] as const;

const REQUEST_CONFIGS: readonly [unknown, ...unknown[]] = [
  null,
  ...Array(4).fill(null),
  {},
  { use_assistant_message: false },
  { include_return_message_types: ['assistant_message', 'tool_call_message', 'tool_return_message'] },
  {
    assistant_message_tool_name: 'reply_to_customer',
    assistant_message_tool_kwarg: 'text',
    include_return_message_types: ['reasoning_message', 'assistant_message', 'approval_request_message'],
  },
  { include_return_message_types: enumValues('message_type') },
];

/** How long a staged run takes, in microseconds. */
const STAGED_MICROS = 9_000_000;
/** The newest runs have English-speaking agents. */
const ENGLISH_RUNS = 60;

/**
 * Inserts sample runs of the default organization, five runs of another one, and their agents. The same seed and count
 * make the same runs, relative to `now`; steps and messages are made when they are read.
 * @param options `count` is that of runs of the default organization; the newest was created two to three minutes ago
 */
export function insertSamples(
  store: RunStore,
  { count, seed, now }: Readonly<{ count: number; seed: number; now: Date }>,
): void {
  const random = createRandom(seed);
  // A separate generator, so that approvals don't change the random numbers of other runs.
  const approvalRandom = createRandom(seed ^ 0x2c1b);
  const present = presentMicros(now);
  const agents = createAgents(random, count);
  const english = inEnglish(agents);
  const make = (agent: SampleAgent, created: number, fromNewest: number): Run => {
    const duration = durationMicros(random);
    const outcome = chooseOutcome(random, fromNewest, created + duration < present);
    return sampleRun(random, agent, outcome, { created, duration });
  };
  const answering = english.filter(({ id }) => traitsOf(id).isAnswering);
  const staged = (fromNewest: number, created: number): Run | undefined => {
    const { agent: number = 0, asks = null, isInDefault, answers } = STAGED[fromNewest] ?? {};
    const agent = answering[number % answering.length];
    if (STAGED[fromNewest] === undefined || agent === undefined) return undefined;
    const outcome = { status: 'completed', stopReason: asks === null ? 'end_turn' : 'requires_approval' };
    const run = sampleRun(approvalRandom, agent, outcome, { created, duration: STAGED_MICROS, steps: 3 });
    const asking = answers === undefined ? undefined : made[count - answers - 1];
    const conversation_id = isInDefault ? null : (asking?.conversation_id ?? `conv-${approvalRandom.uuid()}`);
    return { ...run, asks, conversation_id, answers: asking?.id ?? null, request_config: null };
  };
  const instants = creationInstants(count, seed, present);
  const made: Run[] = [];
  for (const [at, created] of instants.entries()) {
    const fromNewest = count - at - 1;
    const isNew = fromNewest < ENGLISH_RUNS;
    const agent = pickAgent(random, isNew ? english : agents);
    const run = make(agent, created, fromNewest);
    const conversation_id = run.conversation_id ?? (isNew ? agent.conversationId : null);
    made.push(staged(fromNewest, created) ?? { ...run, conversation_id });
  }
  const foreignAgent = createAgent(random, 0);
  const foreign = instants
    .slice(-FOREIGN_RUNS)
    .map((created) => ({ ...make(foreignAgent, created, 1), organization_id: SECOND_ACTOR.organizationId }));
  const runs = [made, foreign].flatMap((each) => linkApprovals(approvalRandom, each));
  store.insertSamples(runs, (run) => describeRun(run, store));
  store.agents.insert(
    Map.groupBy(runs, (run) => run.agent_id)
      .values()
      .map(agentOf),
  );
  store.conversations.insert(
    Map.groupBy(runs, (run) => run.conversation_id)
      .values()
      .flatMap(conversationOf),
  );
}

/** The conversation of runs, the oldest first; none for those of default conversations. */
function conversationOf([run]: readonly Run[]) {
  if (!run?.conversation_id) return [];
  const { conversation_id: id, agent_id, organization_id, created_at, metadata } = run;
  const { ticket }: { readonly ticket?: unknown } = Object(metadata);
  const summary = typeof ticket === 'number' ? `#${ticket}: ${scenarioOf(agent_id).topic}` : null;
  return [{ id, agent_id, organization_id, created_at, summary }];
}

/** @param runs all runs of the agent, the oldest first */
function agentOf(runs: readonly Run[]): NewAgent {
  const [first] = runs;
  if (first === undefined) throw new Error('expected a run of the agent');
  let last: Run | undefined;
  for (const run of runs) if ((run.completed_at ?? '') > (last?.completed_at ?? '')) last = run;
  return sampleAgent(first, last);
}

/** Makes a run of the default organization, with measurements if it has ended. */
export function sampleRun(random: Random, agent: SampleAgent, outcome: Outcome, times: Measured): Run {
  const id = `run-${random.uuid()}`;
  const background = random.chance(0.25) ? null : random.chance(0.4);
  const { status, stopReason } = outcome;
  const mayPause = stopReason === 'requires_approval';
  // Older agents would ask again after each answer.
  const pauses = mayPause && traitsOf(agent.id).isAnswering;
  const isActive = status === 'created' || status === 'running';
  const runType = background === true ? 'send_message_async' : random.pick(RUN_TYPES);
  return {
    ...BLANK_RUN,
    ...(isActive ? UNFINISHED : sampleTimes(random, times)),
    id,
    status,
    created_at: timestampOf(times.created),
    agent_id: agent.id,
    conversation_id: pickConversation(random, agent),
    base_template_id: agent.baseTemplateId,
    background,
    metadata: random.chance(0.97) ? metadataOf(random, id, agent.id, runType, outcome) : null,
    request_config: random.pick(REQUEST_CONFIGS),
    stop_reason: mayPause && !pauses ? 'end_turn' : stopReason,
    asks: pauses ? createRandom(seedOf(id)).pick(ASKS) : null,
  };
}

/** Returns the metadata of a run: the question, and the error of a failed run. */
function metadataOf(random: Random, run_id: string, agentId: string, run_type: string, outcome: Outcome) {
  const { status, stopReason, failure } = outcome;
  const { customer, channel, note, approved, error } = scenarioOf(agentId);
  const metadata = { run_type, customer, channel, ticket: random.between(10_000, 99_999), note };
  if (status !== 'failed') return metadata;
  const [missing] = Object.keys(approved.arguments);
  const wrongCall = `Tool '${approved.name}' was called without its argument '${missing}'`;
  const detail = failure ?? (stopReason === 'error' ? error : wrongCall);
  if (random.chance(0.5)) return { ...metadata, error: detail };
  // The form in which streamed runs store an error.
  return { ...metadata, error: { message_type: 'error_message', run_id, error_type: stopReason, detail } };
}
