import type { ExplorerAgentsQuery } from '../__generated__/graphql.ts';
import { AGENTS } from '../documents/runs.ts';
import { html, useRef, useState } from '../dom.ts';
import { brief, shortId } from '../format/text.ts';
import { asApiError } from '../gateway/api-error.ts';
import { queryField } from '../gateway/query.ts';
import { hrefOf, navigate } from '../router.ts';
import { knowAgents } from '../runs/agent-names.ts';
import { type Filters, searchOf } from '../runs/filters.ts';

/** Milliseconds after the last key at which agents are searched. */
const PAUSE_MS = 200;

type Agents = NonNullable<ExplorerAgentsQuery['agents']>['nodes'];

/** Agents by their names, the first of which Enter chooses. They are asked for when the field has the focus. */
export function AgentSearch({ filters }: { readonly filters: Filters }) {
  const [agents, setAgents] = useState<Agents>([]);
  const [message, setMessage] = useState('Searching…');
  const searching = useRef(new AbortController());
  const search = async ({ type, currentTarget }: Event & { currentTarget: HTMLInputElement }) => {
    searching.current.abort();
    searching.current = new AbortController();
    const { signal } = searching.current;
    if (type === 'input') await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    if (signal.aborted) return;
    try {
      const asked = { search: currentTarget.value.trim() || null };
      const { nodes } = await queryField(AGENTS, asked, 'agents', signal);
      knowAgents(nodes.map(({ id, name }) => [id, name]));
      setAgents(nodes);
      setMessage(nodes.length === 0 ? 'No agent’s name contains this.' : '');
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
  return html`<form onSubmit=${onSubmit}>
      <input
        type="search"
        placeholder="Search agents by name"
        aria-label="Search agents by name"
        autocomplete="off"
        autofocus
        maxlength="200"
        onFocus=${search}
        onInput=${search}
      />
    </form>
    <ul class="options">
      ${agents.map(
        ({ id, name }) =>
          html`<li key=${id}>
            <a href=${hrefOf(searchFor(id))}>${brief(name ?? 'No name')} <code>${shortId(id)}</code></a>
          </li>`,
      )}
    </ul>
    <p class="muted" role="status">${message}</p>`;
}
