import type { WireAgent } from '../support/agent-fields.ts';
import type { Observed } from './observe.ts';

/** The columns that agents are sorted by. */
type SortColumn = 'created_at' | 'updated_at' | 'last_run_completion';

/** @throws Error unless it is a list. */
export async function listAgents({ client }: Observed, query: string): Promise<readonly WireAgent[]> {
  const response = await client.get(`/v1/agents/?${query}`);
  const body: unknown = await response.json();
  if (response.status === 200 && Array.isArray(body)) return body;
  throw new Error(`expected a list of agents for ${query}, but got: ${response.status}`);
}

/** Sorts by a column, nulls last in both orders, then by id. */
export function sortAgents(
  agents: readonly WireAgent[],
  column: SortColumn,
  order: 'asc' | 'desc',
): readonly WireAgent[] {
  const sign = order === 'asc' ? 1 : -1;
  return agents.toSorted((a, b) => {
    const [one, other] = [a[column], b[column]];
    if ((one === null) !== (other === null)) return one === null ? 1 : -1;
    return sign * (compare(instant(one), instant(other)) || compare(a.id, b.id));
  });
}

/** The same fraction for all, so that instants compare as texts. */
function instant(value: string | null): string {
  return value === null ? '' : value.replace(/^(.{19})Z$/, '$1.000000Z');
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** What is compared of an agent: tags have no order. */
export function namesAndTags(agent: WireAgent): object {
  return { ...agent, tags: agent.tags.toSorted() };
}
