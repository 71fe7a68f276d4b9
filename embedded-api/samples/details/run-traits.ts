import type { Run } from '../../store/run-store.ts';
import { traitsOf } from '../agents.ts';
import { createRandom } from '../random.ts';
import { scenarioOf, seedOf } from '../scenarios/index.ts';

export type Traits = ReturnType<typeof traitsOfRun>;

const REASONING = ['native', 'native', 'native', 'omitted', 'redacted', 'none', 'none'] as const;
/** The part of an id, behind its prefix, that is the same in all ids of one run. */
const SHARED = 18;

/** Returns the scenario of a run, and the traits of its agent: always the same for the same run. */
export function traitsOfRun(run: Run) {
  const random = createRandom(seedOf(run.id));
  const beginning = run.id.slice('run-'.length, 'run-'.length + SHARED);
  const { error }: { error?: unknown } = Object(run.metadata);
  const { detail = error }: { detail?: unknown } = Object(error);
  return {
    run,
    random,
    scenario: scenarioOf(run.agent_id),
    ...traitsOf(run.agent_id),
    /** How the model shows its reasoning. */
    reasoning: random.pick(REASONING),
    /** The error in the metadata of the run, if there is one. */
    failure: typeof detail === 'string' ? detail : undefined,
    newId: (prefix: 'step' | 'message'): string => `${prefix}-${beginning}${random.uuid().slice(SHARED)}`,
    newCallId: (): string => `call_${random.uuid().replaceAll('-', '').slice(0, 24)}`,
  };
}
