import type { StoredRun } from '../../model/rows.ts';
import { traitsOf } from '../agents.ts';
import { createRandom, type Random } from '../random.ts';
import { scenarioOf, seedOf } from '../scenarios/index.ts';
import type { Scenario } from '../scenarios/scenario.ts';

/** As much of a run as decides what happened in it. */
export type DescribedRun = Pick<
  StoredRun,
  | 'id'
  | 'status'
  | 'created_at'
  | 'completed_at'
  | 'agent_id'
  | 'metadata'
  | 'stop_reason'
  | 'organization_id'
> & { readonly num_steps: number | bigint | null };

/** Who takes part in a run, and how. The same run always has the same. */
export interface Actors {
  readonly run: DescribedRun;
  readonly random: Random;
  readonly scenario: Scenario;
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

export function actorsOf(run: DescribedRun): Actors {
  const random = createRandom(seedOf(run.id));
  const { model, agentType } = traitsOf(run.agent_id);
  const beginning = run.id.slice(UUID_AT, UUID_AT + SHARED);
  return {
    run,
    random,
    scenario: scenarioOf(run.agent_id),
    model,
    isAnswering: agentType === 'letta_v1_agent',
    reasoning: random.pick(['native', 'native', 'native', 'omitted', 'redacted', 'none', 'none']),
    failure: failureIn(run.metadata),
    newId: (prefix) => `${prefix}-${beginning}${random.uuid().slice(SHARED)}`,
    newCallId: () => `call_${random.uuid().replaceAll('-', '').slice(0, 24)}`,
  };
}

function failureIn(metadata: unknown): string | undefined {
  const { error }: { error?: unknown } = Object(metadata);
  const { detail = error }: { detail?: unknown } = Object(error);
  return typeof detail === 'string' ? detail : undefined;
}
