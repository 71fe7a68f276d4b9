// The filters above the list: states, menus that add filters, and a chip for each filter.

import { useAgentName } from './agent-names.js';
import { AgentPicker } from './agent-picker.js';
import { html, useState } from './dom.js';
import { FILTERS, searchOf, SPANS } from './filters.js';
import { brief, words } from './format.js';
import { Popover } from './popover.js';
import { hrefOf, navigate } from './router.js';
import { StateMark } from './widgets.js';

/** @import { Filters } from './filters.js' */

const STATUSES = ['', 'ACTIVE', 'WAITING', 'COMPLETED', 'FAILED', 'CANCELLED'];
const STOP_REASONS = [
  'END_TURN',
  'ERROR',
  'LLM_API_ERROR',
  'INVALID_LLM_RESPONSE',
  'INVALID_TOOL_CALL',
  'MAX_STEPS',
  'MAX_TOKENS_EXCEEDED',
  'NO_TOOL_CALL',
  'TOOL_RULE',
  'CANCELLED',
  'INSUFFICIENT_CREDITS',
  'REQUIRES_APPROVAL',
  'CONTEXT_WINDOW_OVERFLOW_IN_SYSTEM_PROMPT',
];
/** Fields of the form with more filters: name, label, example. */
const MORE = /** @type {const} */ ([
  ['min', 'Took at least', '1m'],
  ['max', 'Took at most', '30s'],
  ['metadata', 'Metadata', 'customer=acme'],
  ['conversation', 'Conversation', 'conv-…'],
]);

/** @param {{ filters: Filters }} props */
export function FilterBar({ filters }) {
  /**
   * The address with other values for some filters.
   *
   * @param {Filters} changes
   */
  const searchWith = (changes) => searchOf({ ...filters, ...changes });
  /** @param {Filters} changes */
  const apply = (changes) => navigate(searchWith(changes));
  const status = filters['status']?.[0] ?? '';
  return html`<search class="filters" aria-label="Filters">
    <div class="states" role="group" aria-label="Status">
      ${STATUSES.map(
        (value) =>
          html`<a
            data-inside
            href=${hrefOf(searchWith({ status: value === '' ? [] : [value] }))}
            aria-current=${value === status ? 'true' : undefined}
          >
            ${value !== '' && html`<${StateMark} state=${value === 'ACTIVE' ? 'RUNNING' : value} />`}
            ${value === '' ? 'All' : FILTERS['status']?.text(value)}
          </a>`,
      )}
    </div>
    <div class="menus">
      <${Popover} name="agent" label="Agent">
        ${(/** @type {() => void} */ close) =>
          html`<${AgentPicker}
            onChoose=${(/** @type {string} */ id) => {
              close();
              apply({ agent: [id] });
            }}
          />`}
      <//>
      <${Popover} label="Time">
        ${(/** @type {() => void} */ close) => html`<${TimeMenu} ...${{ searchWith, apply, close }} />`}
      <//>
      <${Popover} label="More">
        ${(/** @type {() => void} */ close) => html`<${MoreFilters} ...${{ filters, apply, close }} />`}
      <//>
    </div>
    <${Chips} filters=${filters} apply=${apply} />
  </search>`;
}

/** @param {{ searchWith: (changes: Filters) => string, apply: (changes: Filters) => void, close: () => void }} props */
function TimeMenu({ searchWith, apply, close }) {
  const onSubmit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const values = valuesOf(event.target);
    const at = (/** @type {string} */ name) => (values[name] ? [new Date(values[name]).toISOString()] : []);
    close();
    apply({ after: at('after'), before: at('before') });
  };
  return html`<ul class="options">
      ${[['', 'Any time'], ...[...SPANS].map(([value, span]) => [value, span.label])].map(
        ([value, label]) =>
          html`<li>
            <a
              data-inside
              href=${hrefOf(searchWith({ after: value ? [value] : [], before: [] }))}
              onClick=${close}
            >
              ${label}
            </a>
          </li>`,
      )}
    </ul>
    <form onSubmit=${onSubmit}>
      <label>From <input type="datetime-local" name="after" /></label>
      <label>To <input type="datetime-local" name="before" /></label>
      <button>Apply</button>
    </form>`;
}

/** @param {{ filters: Filters, apply: (changes: Filters) => void, close: () => void }} props */
function MoreFilters({ filters, apply, close }) {
  const [hint, setHint] = useState('');
  const onSubmit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const { stopReason, metadata, ...values } = valuesOf(event.target);
    const wrong = ['min', 'max'].find(
      (name) => values[name] && FILTERS[name]?.text(values[name]) === values[name],
    );
    if (wrong !== undefined)
      return setHint(`${values[wrong]} is not a duration. Write 90s, 5m, 1h or PT1M30S.`);
    close();
    apply({
      ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ? [value] : []])),
      stopReason: withValue(filters['stopReason'], stopReason),
      metadata: withValue(filters['metadata'], metadata),
    });
  };
  return html`<form onSubmit=${onSubmit}>
    ${MORE.map(
      ([name, label, example]) =>
        html`<label>
          ${label}
          <input
            name=${name}
            placeholder=${example}
            value=${name === 'metadata' ? '' : filters[name]?.[0]}
            autocomplete="off"
            spellcheck=${false}
          />
        </label>`,
    )}
    <label>
      Stop reason
      <select name="stopReason">
        <option value="">Any</option>
        ${STOP_REASONS.map((value) => html`<option value=${value}>${words(value)}</option>`)}
      </select>
    </label>
    <p class="muted" role="status">${hint}</p>
    <button>Apply</button>
  </form>`;
}

/**
 * @param {readonly string[] | undefined} values
 * @param {string | undefined} value empty for none
 */
const withValue = (values = [], value = '') => [...new Set([...values, value])].filter(Boolean);

/** @param {EventTarget | null} form @returns {Record<string, string>} the texts of its fields, by name */
function valuesOf(form) {
  if (!(form instanceof HTMLFormElement)) return {};
  return Object.fromEntries(
    [...new FormData(form)].map(([name, value]) => [name, typeof value === 'string' ? value.trim() : '']),
  );
}

/** @param {{ filters: Filters, apply: (changes: Filters) => void }} props */
function Chips({ filters, apply }) {
  const agentName = useAgentName(filters['agent']?.[0] ?? '');
  const chips = Object.entries(filters).flatMap(([name, values]) =>
    name === 'status' ? [] : values.map((value) => ({ name, value })),
  );
  if (chips.length === 0) return null;
  return html`<ul class="chips" aria-label="Filters in use">
    ${chips.map(({ name, value }) => {
      const filter = FILTERS[name];
      const text = name === 'agent' ? agentName : brief(filter?.text(value) ?? value);
      const rest = (filters[name] ?? []).filter((other) => other !== value);
      return html`<li key=${name + value} class="chip">
        <span class="muted">${filter?.label}</span> ${text}
        <button
          type="button"
          aria-label=${`Remove ${filter?.label}: ${text}`}
          onClick=${() => apply({ [name]: rest })}
        >
          ×
        </button>
      </li>`;
    })}
    <li><a data-inside href=${hrefOf('')}>Clear filters</a></li>
  </ul>`;
}
