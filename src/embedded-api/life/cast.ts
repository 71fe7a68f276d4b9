import { DEFAULT_ACTOR } from '../model/actors.ts';
import { createAgents, type SampleAgent } from '../samples/agents.ts';
import type { Random } from '../samples/random.ts';
import { sampleAgent } from '../samples/sample-agents.ts';
import type { RunStore } from '../store/store.ts';

const MAX_AGENTS = 12;

/** Returns agents for live runs: some of the store, or new ones that are stored in one without. */
export function castAgents(
  store: RunStore,
  random: Random,
  start: Date,
): readonly [SampleAgent, ...SampleAgent[]] {
  const { organizationId: organization_id } = DEFAULT_ACTOR;
  const [first, ...others] = store.agents
    .all(organization_id)
    .filter(({ hidden, llm_config }) => hidden !== 1n && llm_config !== null)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .slice(0, MAX_AGENTS)
    .map(({ id, base_template_id: baseTemplateId }): SampleAgent => {
      return { id, baseTemplateId, conversationId: `conv-${random.uuid()}` };
    });
  if (first !== undefined) return [first, ...others];
  const created = createAgents(random, 0);
  const created_at = start.toISOString();
  store.agents.insert(
    created.map(({ id, baseTemplateId: base_template_id }) =>
      sampleAgent({ agent_id: id, base_template_id, created_at, organization_id }),
    ),
  );
  return created;
}
