import { html } from '../dom.ts';
import { brief } from '../format/text.ts';
import { Popover } from '../parts/overlays.ts';
import { StateMark } from '../parts/run-labels.ts';
import { hrefOf } from '../router.ts';
import { useAgentName } from '../runs/agent-names.ts';
import { FILTERS, type Filters, filterText } from '../runs/filters.ts';
import { isState } from '../runs/states.ts';
import { AgentPicker } from './agent-picker.ts';
import { applyFilters, searchWith } from './apply-filters.ts';
import { MoreFilters, TimeMenu } from './filter-menus.ts';

/** The states that one can choose; empty for all. */
const STATUSES = ['', 'ACTIVE', 'WAITING', 'COMPLETED', 'FAILED', 'CANCELLED'];

/** The filters above the list: states, menus that add filters, and a chip for each filter. */
export function FilterBar({ filters }: { readonly filters: Filters }) {
  const [chosen = ''] = filters['status'] ?? [];
  return html`<search class="filters line" aria-label="Filters">
    <div class="states card" role="group" aria-label="Status">
      ${STATUSES.map(
        (value) =>
          html`<a
            data-inside
            href=${hrefOf(searchWith({ status: value === '' ? [] : [value] }))}
            class="line"
            aria-current=${value === chosen ? 'true' : undefined}
          >
            ${value !== '' && html`<${StateMark} state=${isState(value) ? value : 'RUNNING'} />`}
            ${value === '' ? 'All' : filterText('status', value)}
          </a>`,
      )}
    </div>
    <div class="line">
      <${Popover} name="agent" label="Agent">
        ${(close: () => void) => html`<${AgentPicker} close=${close} />`}
      <//>
      <${Popover} label="Time">${(close: () => void) => html`<${TimeMenu} close=${close} />`}<//>
      <${Popover} label="More">
        ${(close: () => void) => html`<${MoreFilters} filters=${filters} close=${close} />`}
      <//>
    </div>
    <${Chips} filters=${filters} />
  </search>`;
}

function Chips({ filters }: { readonly filters: Filters }) {
  const agentName = useAgentName(filters['agent']?.[0] ?? '');
  const chips = Object.entries(filters).flatMap(([name, values]) =>
    name === 'status' ? [] : values.map((value) => ({ name, value, values })),
  );
  if (chips.length === 0) return null;
  return html`<ul class="chips line" aria-label="Filters in use">
    ${chips.map(({ name, value, values }) => {
      const label = FILTERS[name]?.label;
      const text = name === 'agent' ? agentName : brief(filterText(name, value));
      const remove = (): void => applyFilters({ [name]: values.filter((other) => other !== value) });
      return html`<li key=${name + value} class="chip line card">
        <span class="muted">${label}</span> ${text}
        <button type="button" aria-label=${`Remove ${label}: ${text}`} onClick=${remove}>×</button>
      </li>`;
    })}
    <li><a data-inside href=${hrefOf('')}>Clear filters</a></li>
  </ul>`;
}
