import { html } from '../dom.ts';
import { brief } from '../format/text.ts';
import { StateMark } from '../parts/run-labels.ts';
import { hrefOf, navigate } from '../router.ts';
import { useAgentName } from '../runs/agent-names.ts';
import { FILTERS, type Filters, filterText, searchOf } from '../runs/filters.ts';
import { isState } from '../runs/states.ts';
import { AgentSearch } from './agent-search.ts';
import { FilterForm, Menu, Spans } from './filter-menus.ts';

/** The states that one can choose; empty for all. */
const STATUSES = ['', 'ACTIVE', 'WAITING', 'COMPLETED', 'FAILED', 'CANCELLED'];

interface Props {
  readonly filters: Filters;
}

/** The filters above the list: states, menus that add filters, and a chip for each filter. */
export function FilterBar({ filters }: Props) {
  const [chosen = ''] = filters['status'] ?? [];
  return html`<search class="filters line" aria-label="Filters">
    <div class="states card" role="group" aria-label="Status">
      ${STATUSES.map(
        (value) =>
          html`<a
            href=${hrefOf(searchOf({ ...filters, status: [value].filter(Boolean) }))}
            class="line"
            aria-current=${value === chosen ? 'true' : undefined}
          >
            ${value !== '' && html`<${StateMark} state=${isState(value) ? value : 'RUNNING'} />`}
            ${value === '' ? 'All' : filterText('status', value)}
          </a>`,
      )}
    </div>
    <div class="line">
      <${Menu} label="Agent"><${AgentSearch} key=${searchOf(filters)} filters=${filters} /><//>
      <${Menu} label="Time">
        <${Spans} filters=${filters} />
        <${FilterForm} filters=${filters} names=${['after', 'before']} />
      <//>
      <${Menu} label="More">
        <${FilterForm} filters=${filters} names=${['min', 'max', 'metadata', 'conversation', 'stopReason']} />
      <//>
    </div>
    <${Chips} filters=${filters} />
  </search>`;
}

function Chips({ filters }: Props) {
  const agentName = useAgentName(filters['agent']?.[0] ?? '');
  const { status: _, ...others } = filters;
  if (Object.keys(others).length === 0) return null;
  return html`<ul class="chips line" aria-label="Filters in use">
    ${Object.entries(others).map(([name, values]) =>
      values.map((value) => {
        const label = FILTERS[name]?.label;
        const text = name === 'agent' ? agentName : brief(filterText(name, value));
        const without = { ...filters, [name]: values.filter((other) => other !== value) };
        return html`<li key=${name + value}>
          <button type="button" class="chip small" onClick=${() => navigate(searchOf(without))}>
            <span class="hidden">Remove</span> <span class="muted">${label}</span> ${text}
            <span class="muted" aria-hidden="true"> ×</span>
          </button>
        </li>`;
      }),
    )}
    <li><a href=${hrefOf('')}>Clear filters</a></li>
  </ul>`;
}
