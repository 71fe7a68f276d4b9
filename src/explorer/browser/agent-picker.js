// A list of agents to choose from.

import { knowAgent } from './agent-names.js';
import { asApiError, queryField } from './api.js';
import documents from './documents.js';
import { html, useEffect, useState } from './dom.js';
import { brief } from './format.js';
import { shortId } from './widgets.js';

/** Milliseconds after the last key at which agents are searched. */
const PAUSE_MS = 200;

/**
 * A list of agents in which one types to search, and chooses with arrows and Enter.
 *
 * @param {{ onChoose: (id: string) => void }} props
 */
export function AgentPicker({ onChoose }) {
  const [search, setSearch] = useState('');
  const [{ agents, message }, setFound] = useState(
    /** @type {{ agents: readonly { id: string, name: string | null }[], message: string }} */
    ({ agents: [], message: 'Searching…' }),
  );
  const [active, setActive] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    const read = async () => {
      try {
        const variables = { search: search.trim() || null };
        const { nodes } = await queryField(documents.agents, variables, 'agents', controller.signal);
        setFound({ agents: nodes, message: nodes.length === 0 ? 'No agent’s name contains this.' : '' });
        setActive(0);
      } catch (error) {
        if (!controller.signal.aborted) setFound({ agents: [], message: asApiError(error).message });
      }
    };
    const timer = setTimeout(() => void read(), search === '' ? 0 : PAUSE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [search]);

  const choose = (/** @type {{ id: string, name: string | null } | undefined} */ agent) => {
    if (agent === undefined) return;
    knowAgent(agent.id, agent.name);
    onChoose(agent.id);
  };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setActive(Math.max(0, Math.min(agents.length - 1, active + step)));
    else if (event.key === 'Enter') choose(agents[active]);
    else return;
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
      onInput=${(/** @type {any} */ { target }) => setSearch(target.value)}
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
