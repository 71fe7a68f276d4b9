import { asApiError } from '../../../client/api-error.ts';
import type { ExplorerAgentsQuery } from '../__generated__/graphql.ts';
import { AGENTS } from '../documents/runs.ts';
import { brief, shortId } from '../format/text.ts';
import { queryField } from '../gateway/query.ts';
import { useRef, useState } from '../preact.ts';
import { hrefOf, navigate } from '../router.ts';
import { storeAgentNames } from '../runs/agent-names.ts';
import { type Filters, searchOf } from '../runs/filters.ts';

/** Milliseconds from the last key until agents are searched. */
const PAUSE_MS = 200;

type Agents = NonNullable<ExplorerAgentsQuery['agents']>['nodes'];

/** A search of agents by name; Enter chooses the first. Agents are read once the field has the focus. */
export function AgentSearch({ filters }: { readonly filters: Filters }) {
  const [agents, setAgents] = useState<Agents>([]);
  const [message, setMessage] = useState('Searching…');
  const controller = useRef(new AbortController());
  const search = async ({ type, currentTarget }: Event & { currentTarget: HTMLInputElement }) => {
    controller.current.abort();
    controller.current = new AbortController();
    const { signal } = controller.current;
    if (type === 'input') await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    if (signal.aborted) return;
    try {
      const variables = { search: currentTarget.value.trim() || null };
      const { nodes } = await queryField(AGENTS, variables, 'agents', signal);
      storeAgentNames(nodes.map(({ id, name }) => [id, name]));
      setAgents(nodes);
      setMessage(nodes.length === 0 ? 'No agent has a name with this text.' : '');
    } catch (error) {
      if (!signal.aborted) setMessage(asApiError(error).message);
    }
  };
  const searchFor = (id: string): string => searchOf({ ...filters, agent: [id] });
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const [first] = agents;
    // Nothing to choose yet: the panel stays open.
    if (first === undefined) event.stopPropagation();
    else navigate(searchFor(first.id));
  };
  return (
    <>
      <form onSubmit={onSubmit}>
        <input
          type="search"
          placeholder="Search agents by name"
          aria-label="Search agents by name"
          autocomplete="off"
          autofocus
          maxlength={200}
          onFocus={(event) => void search(event)}
          onInput={(event) => void search(event)}
        />
      </form>
      <ul class="options">
        {agents.map(({ id, name }) => (
          <li key={id}>
            <a href={hrefOf(searchFor(id))}>
              {brief(name ?? 'No name')} <code>{shortId(id)}</code>
            </a>
          </li>
        ))}
      </ul>
      <p class="muted" role="status">
        {message}
      </p>
    </>
  );
}
