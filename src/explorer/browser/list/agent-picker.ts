import type { ExplorerAgentsQuery } from '../__generated__/graphql.ts';
import { AGENTS } from '../documents/runs.ts';
import { html, useEffect, useState } from '../dom.ts';
import { brief, shortId } from '../format/text.ts';
import { asApiError } from '../gateway/api-error.ts';
import { queryField } from '../gateway/query-field.ts';
import { knowAgent } from '../runs/agent-names.ts';
import { applyFilters } from './apply-filters.ts';

/** Milliseconds after the last key at which agents are searched. */
const PAUSE_MS = 200;

type Agent = NonNullable<ExplorerAgentsQuery['agents']>['nodes'][number];

/** A list of agents in which one types to search, and chooses with arrows and Enter. */
export function AgentPicker({ close }: { readonly close: () => void }) {
  const [search, setSearch] = useState('');
  const [found, setFound] = useState<{ agents: readonly Agent[]; message: string }>({
    agents: [],
    message: 'Searching…',
  });
  const [active, setActive] = useState(0);
  const { agents, message } = found;
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const read = async (): Promise<void> => {
      try {
        const asked = { search: search.trim() || null };
        const { nodes } = await queryField(AGENTS, asked, 'agents', signal);
        setFound({ agents: nodes, message: nodes.length === 0 ? 'No agent’s name contains this.' : '' });
        setActive(0);
      } catch (error) {
        if (!signal.aborted) setFound({ agents: [], message: asApiError(error).message });
      }
    };
    const timer = setTimeout(() => void read(), search === '' ? 0 : PAUSE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [search]);

  const choose = ({ id, name }: Agent): void => {
    knowAgent(id, name);
    close();
    applyFilters({ agent: [id] });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const agent = agents[active];
    if (step !== undefined) setActive(Math.max(0, Math.min(agents.length - 1, active + step)));
    else if (event.key !== 'Enter') return;
    else if (agent !== undefined) choose(agent);
    event.preventDefault();
  };
  return html`<input
      type="search"
      placeholder="Search agents by name"
      aria-label="Search agents by name"
      role="combobox"
      aria-expanded="true"
      aria-controls="agents"
      aria-autocomplete="list"
      aria-activedescendant=${agents.length > 0 ? `agents-${active}` : undefined}
      autocomplete="off"
      maxlength="200"
      value=${search}
      onInput=${({ currentTarget }: { currentTarget: HTMLInputElement }) => setSearch(currentTarget.value)}
      onKeyDown=${onKeyDown}
    />
    <ul id="agents" role="listbox" aria-label="Agents" class="options">
      ${agents.map(
        (agent, index) =>
          html`<li
            id=${`agents-${index}`}
            role="option"
            aria-selected=${index === active}
            onClick=${() => choose(agent)}
          >
            ${brief(agent.name ?? 'No name')} <code>${shortId(agent.id)}</code>
          </li>`,
      )}
    </ul>
    <p class="muted" role="status">${message}</p>`;
}
