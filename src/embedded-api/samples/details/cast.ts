import type { RunRow } from '../../model/run.ts';
import { readPythonJson } from '../../wire/python-json.ts';
import { createRandom, type Random } from '../random.ts';
import { traitsOf } from '../sample-agents.ts';
import { type Scene, SCENES } from '../scenes.ts';
import { LATIN_STORIES, type Story, storyOf } from '../stories.ts';

/** As much of a run as tells what happened in it. */
export type ToldRun = Pick<
  RunRow,
  | 'id'
  | 'status'
  | 'created_at'
  | 'completed_at'
  | 'agent_id'
  | 'metadata'
  | 'stop_reason'
  | 'num_steps'
  | 'organization_id'
>;

/** Who and what a run is about. The same run always has the same. */
export interface Cast {
  readonly run: ToldRun;
  readonly random: Random;
  readonly story: Story;
  readonly scene: Scene;
  readonly model: string;
  /** Whether the agent answers by text; else by a tool. */
  readonly isAnswering: boolean;
  /** How the model shows what it thinks. */
  readonly reasoning: 'native' | 'redacted' | 'omitted' | 'none';
  /** What went wrong, as the metadata of the run say; undefined if they don't. */
  readonly failure: string | undefined;
  /** Makes the id of a step or message of the run, which begins like that of the run. */
  readonly newId: (prefix: 'step' | 'message') => string;
  readonly newCallId: () => string;
}

const UUID_AT = 'run-'.length;
/** The part of a UUID that ids of one run share. */
const SHARED = 18;

export function castOf(run: ToldRun): Cast {
  const random = createRandom(Number.parseInt(run.id.slice(UUID_AT, UUID_AT + 8), 16));
  const metadata = readMetadata(run);
  const story = storyOf(metadata.get('customer')) ?? random.pick(LATIN_STORIES);
  const { model, agentType } = traitsOf(run.agent_id);
  const beginning = run.id.slice(UUID_AT, UUID_AT + SHARED);
  return {
    run,
    random,
    story,
    scene: SCENES[story.scene],
    model,
    isAnswering: agentType === 'letta_v1_agent',
    reasoning: random.pick(['native', 'native', 'native', 'omitted', 'redacted', 'none', 'none']),
    failure: failureIn(metadata.get('error')),
    newId: (prefix) => `${prefix}-${beginning}${random.uuid().slice(SHARED)}`,
    newCallId: () => `call_${random.uuid().replaceAll('-', '').slice(0, 24)}`,
  };
}

type Metadata = ReadonlyMap<string, unknown>;

function readMetadata({ metadata }: ToldRun): Metadata {
  const value = metadata === null ? null : readPythonJson(metadata);
  return value instanceof Map ? value : new Map();
}

function failureIn(error: unknown): string | undefined {
  const text: unknown = error instanceof Map ? error.get('detail') : error;
  return typeof text === 'string' ? text : undefined;
}
