import { STOP_REASONS } from '../__generated__/graphql.ts';
import { html, useState } from '../dom.ts';
import { words } from '../format/text.ts';
import { nanoseconds } from '../format/time.ts';
import { hrefOf } from '../router.ts';
import { FILTERS, type Filters, SPANS } from '../runs/filters.ts';
import { applyFilters, searchWith } from './apply-filters.ts';

interface MenuProps {
  readonly close: () => void;
}

/** The values of a filter of a time in a field; none for an empty field. */
const instants = (value = ''): string[] => (value === '' ? [] : [new Date(value).toISOString()]);

/** Times to choose from, and fields for others. */
export function TimeMenu({ close }: MenuProps) {
  const onSubmit = (event: SubmitEvent): void => {
    const values = submitted(event);
    close();
    applyFilters({ after: instants(values['after']), before: instants(values['before']) });
  };
  const spans = [['', 'Any time'], ...[...SPANS].map(([value, { label }]) => [value, label])];
  return html`<ul class="options">
      ${spans.map(([value, label]) => {
        const search = searchWith({ after: value ? [value] : [], before: [] });
        return html`<li><a data-inside href=${hrefOf(search)} onClick=${close}>${label}</a></li>`;
      })}
    </ul>
    <form onSubmit=${onSubmit}>
      <label>From <input type="datetime-local" name="after" /></label>
      <label>To <input type="datetime-local" name="before" /></label>
      <button>Apply</button>
    </form>`;
}

/** Filters that are fields of the form, with examples. */
const FIELDS = Object.entries({ min: '1m', max: '30s', metadata: 'customer=acme', conversation: 'conv-…' });

/** Fields of filters that are typed. */
export function MoreFilters({ filters, close }: MenuProps & { readonly filters: Filters }) {
  const [hint, setHint] = useState('');
  const onSubmit = (event: SubmitEvent): void => {
    const values = submitted(event);
    const wrong = [values['min'], values['max']].find((text) => text && nanoseconds(text) === undefined);
    if (wrong) return setHint(`${wrong} is not a duration. Write 90s, 5m, 1h or PT1M30S.`);
    close();
    const changes = Object.entries(values).map(([name, value]) => {
      const others = FILTERS[name]?.isList ? (filters[name] ?? []) : [];
      return [name, [...new Set([...others, value])].filter(Boolean)];
    });
    applyFilters(Object.fromEntries(changes));
  };
  return html`<form onSubmit=${onSubmit}>
    ${FIELDS.map(
      ([name, example]) =>
        html`<label>
          ${FILTERS[name]?.label}
          <input
            name=${name}
            placeholder=${example}
            value=${FILTERS[name]?.isList ? '' : filters[name]?.[0]}
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

/** The texts of the fields of a form, by name. */
function submitted(event: SubmitEvent): Readonly<Record<string, string>> {
  event.preventDefault();
  if (!(event.target instanceof HTMLFormElement)) return {};
  return Object.fromEntries(
    [...new FormData(event.target)].map(([name, value]) => [
      name,
      typeof value === 'string' ? value.trim() : '',
    ]),
  );
}
