import { DEFAULT_ACTOR, SECOND_ACTOR } from '../model/actors.ts';
import { MESSAGE_TYPES } from '../model/enum-values.ts';
import type { StoredRun } from '../model/run.ts';
import { createAgent, createAgents, pickAgent, pickConversation, type SampleAgent } from './agents.ts';
import { creationInstants, presentMicros, stampText } from './instants.ts';
import { chooseOutcome, failureOf, type Outcome } from './outcomes.ts';
import { createRandom, type Random } from './random.ts';
import { SCENES } from './scenes.ts';
import { ENGLISH_STORIES, LATIN_STORIES, OTHER_STORIES, type Story } from './stories.ts';
import { durationMicros, sampleTimes } from './times.ts';

/** Runs of the second organization, in addition to `count`. */
const FOREIGN_RUNS = 5;

const RUN_TYPES = ['send_message', 'send_message_streaming', 'send_conversation_message'] as const;

const REQUEST_CONFIGS: readonly [unknown, ...unknown[]] = [
  null,
  null,
  null,
  null,
  null,
  {},
  { use_assistant_message: false },
  { include_return_message_types: ['assistant_message', 'tool_call_message', 'tool_return_message'] },
  {
    use_assistant_message: true,
    assistant_message_tool_name: 'reply_to_customer',
    assistant_message_tool_kwarg: 'text',
    include_return_message_types: ['reasoning_message', 'assistant_message', 'approval_request_message'],
  },
  {
    use_assistant_message: true,
    assistant_message_tool_name: 'send_message',
    assistant_message_tool_kwarg: 'message',
    include_return_message_types: MESSAGE_TYPES,
  },
];

/** The newest runs are about what a newcomer can read. */
const ENGLISH_RUNS = 60;

export interface SampleOptions {
  /** The number of runs of the default organization. */
  readonly count: number;
  readonly seed: number;
  /** The newest run was created two to three minutes before. @default the system clock */
  readonly now?: Date;
}

/**
 * Generates runs like those of a busy installation, lazily, oldest first. The same seed and count always generate
 * the same runs, as far from the present, and the same present the same times. Includes five runs of a second
 * organization in addition to `count`.
 */
export function* sampleRuns({ count, seed, now = new Date() }: SampleOptions): Generator<StoredRun> {
  const random = createRandom(seed);
  const present = presentMicros(now);
  const agents = createAgents(random, count);
  const foreignAgent = createAgent(random);
  let made = 0;
  let foreign = 0;
  for (const created of creationInstants(count, seed, present)) {
    const moment = { created, present, fromNewest: count - made - 1 };
    yield sampleRun(random, pickAgent(random, agents), moment, DEFAULT_ACTOR.organizationId);
    made += 1;
    while (foreign < FOREIGN_RUNS && made >= (count * (foreign + 1)) / (FOREIGN_RUNS + 1)) {
      foreign += 1;
      // The first one has the same time as a run of the default organization.
      const shifted = { ...moment, created: created + foreign - 1 };
      yield sampleRun(random, foreignAgent, shifted, SECOND_ACTOR.organizationId);
    }
  }
}

/** When a run was created, in microseconds since the epoch. */
interface Moment {
  readonly created: number;
  readonly present: number;
  /** The number of newer runs. */
  readonly fromNewest: number;
}

function sampleRun(
  random: Random,
  agent: SampleAgent,
  { created, present, fromNewest }: Moment,
  organizationId: string,
): StoredRun {
  const id = `run-${random.uuid()}`;
  const duration = durationMicros(random);
  const outcome = chooseOutcome(random, fromNewest, created + duration < present);
  const story = chooseStory(random, fromNewest);
  const background = random.chance(0.25) ? null : random.chance(0.4);
  return {
    id,
    status: outcome.status,
    created_at: stampText(created),
    agent_id: agent.id,
    conversation_id: pickConversation(random, agent),
    base_template_id: agent.baseTemplateId,
    background,
    metadata: sampleMetadata({ random, id, background, outcome, story }),
    request_config: random.pick(REQUEST_CONFIGS),
    stop_reason: outcome.stopReason,
    ...sampleTimes(random, created, duration, outcome),
    lacks_metrics: null,
    lacks_details: true,
    is_live: null,
    organization_id: organizationId,
  };
}

function chooseStory(random: Random, fromNewest: number): Story {
  const stories = random.chance(0.2) ? OTHER_STORIES : LATIN_STORIES;
  return random.pick(fromNewest < ENGLISH_RUNS ? ENGLISH_STORIES : stories);
}

interface Told {
  readonly random: Random;
  readonly id: string;
  readonly background: boolean | null;
  readonly outcome: Outcome;
  readonly story: Story;
}

function sampleMetadata({ random, id, background, outcome, story }: Told): unknown {
  const runType = background === true ? 'send_message_async' : random.pick(RUN_TYPES);
  if (random.chance(0.03)) return outcome.status === 'failed' ? { error: 'unknown' } : null;
  return storyMetadata({ random, id, outcome, story }, runType);
}

/** Makes the metadata of a run that tell its story. */
export function storyMetadata(
  { random, id, outcome, story }: Omit<Told, 'background'>,
  runType: string,
): Readonly<Record<string, unknown>> {
  const { customer, channel, note } = story;
  const metadata = {
    run_type: runType,
    customer,
    channel,
    ticket: random.between(10_000, 99_999),
    note,
  };
  if (outcome.status !== 'failed') return metadata;
  return { ...metadata, error: failureOf(random, id, outcome.stopReason, SCENES[story.scene]) };
}
