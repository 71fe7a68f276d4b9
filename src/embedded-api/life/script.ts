import { DEFAULT_ACTOR } from '../model/actors.ts';
import { encodeJson } from '../model/json-column.ts';
import type { NewRun } from '../model/run.ts';
import { pickConversation, type SampleAgent } from '../samples/agents.ts';
import { sampleDetails } from '../samples/details/run-details.ts';
import { microsOf } from '../samples/details/timeline.ts';
import { stampText } from '../samples/instants.ts';
import { chooseEnding, type Outcome } from '../samples/outcomes.ts';
import type { Random } from '../samples/random.ts';
import { storyMetadata } from '../samples/sample-runs.ts';
import { ENGLISH_STORIES } from '../samples/stories.ts';
import { sampleTimes, toolsOf } from '../samples/times.ts';
import type { RunStore } from '../store/store.ts';
import { updateAgent } from './agent-updates.ts';
import type { Happening } from './happening.ts';
import { stepHappenings } from './step-happenings.ts';

/** What will happen in one run unless somebody cancels it. */
export interface Script {
  readonly id: string;
  /** In order of time. */
  readonly happenings: readonly Happening[];
}

const SECOND = 1_000_000;
const SHORTEST = 5 * SECOND;
const LONGEST = 60 * SECOND;
/** How long a run is only created. */
const [SHORTEST_QUEUE, LONGEST_QUEUE] = [0.5 * SECOND, 2 * SECOND];

/** More than in samples, so that whoever watches for some minutes sees each. */
const CALLBACKS = 0.25;
const APPROVALS = 0.08;
const FOR_APPROVAL: Outcome = { status: 'completed', stopReason: 'requires_approval' };

/**
 * Writes the whole story of a run that is created at a time: it is made as a sample run that has ended, and then told
 * from its beginning.
 */
export function writeScript(random: Random, agent: SampleAgent, created: number): Script {
  const id = `run-${random.uuid()}`;
  const outcome = random.chance(APPROVALS) ? FOR_APPROVAL : chooseEnding(random);
  const micros = Math.round(SHORTEST + (LONGEST - SHORTEST) * random.next() ** 3);
  const steps = Math.max(1, Math.round(micros / random.between(3 * SECOND, 5 * SECOND)));
  const background = random.chance(0.3);
  const runType = background ? 'send_message_async' : random.pick(['send_message', 'send_message_streaming']);
  const story = random.pick(ENGLISH_STORIES);
  const { error, ...metadata } = storyMetadata({ random, id, outcome, story }, runType);
  const isFailed = outcome.status === 'failed';
  const measured = sampleTimes(random, created, micros, outcome, CALLBACKS);
  const { callback_url, callback_sent_at, callback_status_code, callback_error, ...times } = measured;
  const run: NewRun = {
    id,
    status: 'created',
    created_at: stampText(created),
    agent_id: agent.id,
    conversation_id: pickConversation(random, agent),
    base_template_id: agent.baseTemplateId,
    background,
    metadata,
    callback_url,
    num_steps: 0,
    is_live: true,
  };
  const end: Partial<NewRun> = {
    ...times,
    status: outcome.status,
    stop_reason: outcome.stopReason,
    ...(isFailed && { metadata: { ...metadata, error } }),
    num_steps: steps,
    tools_used: toolsOf(steps),
  };
  const started = created + random.between(SHORTEST_QUEUE, LONGEST_QUEUE);
  const completed = created + micros;
  const { organizationId } = DEFAULT_ACTOR;
  const details = sampleDetails({
    id,
    status: outcome.status,
    stop_reason: outcome.stopReason,
    // Nothing happens in it before it runs.
    created_at: stampText(started),
    completed_at: stampText(completed),
    agent_id: agent.id,
    metadata: encodeJson({ ...metadata, error }),
    num_steps: BigInt(steps),
    organization_id: organizationId,
  });
  const callback = { callback_sent_at, callback_status_code, callback_error };
  return {
    id,
    happenings: [
      { at: created, apply: (store) => store.insert([run]) },
      { at: started, apply: (store) => store.update(id, { status: 'running' }) },
      ...stepHappenings(details),
      {
        at: completed,
        isEnd: true,
        apply: (store) => {
          store.update(id, end);
          updateAgent(store, agent.id, end);
        },
      },
      ...(callback_sent_at === null
        ? []
        : [{ at: microsOf(callback_sent_at), apply: (store: RunStore) => store.update(id, callback) }]),
    ],
  };
}
