import type { Run } from '../../store.ts';
import { traitsOf } from '../agents.ts';
import { createRandom } from '../random.ts';
import { scenarioOf, seedOf } from '../scenarios/index.ts';

export type Actors = ReturnType<typeof actorsOf>;

const REASONING = ['native', 'native', 'native', 'omitted', 'redacted', 'none', 'none'] as const;
const UUID_AT = 'run-'.length;
/** The part of a UUID that ids of one run share. */
const SHARED = 18;

/** Returns who takes part in a run, and how. The same run always has the same. */
export function actorsOf(run: Run) {
  const random = createRandom(seedOf(run.id));
  const beginning = run.id.slice(UUID_AT, UUID_AT + SHARED);
  const { error }: { error?: unknown } = Object(run.metadata);
  const { detail = error }: { detail?: unknown } = Object(error);
  return {
    run,
    random,
    scenario: scenarioOf(run.agent_id),
    ...traitsOf(run.agent_id),
    /** How the model shows what it thinks. */
    reasoning: random.pick(REASONING),
    /** What went wrong, as the metadata of the run say; undefined if they don't. */
    failure: typeof detail === 'string' ? detail : undefined,
    /** Makes the id of a step or message of the run, which begins like that of the run. */
    newId: (prefix: 'step' | 'message'): string => `${prefix}-${beginning}${random.uuid().slice(SHARED)}`,
    newCallId: (): string => `call_${random.uuid().replaceAll('-', '').slice(0, 24)}`,
  };
}
