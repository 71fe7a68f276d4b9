import { StateMark } from '../components/run-labels.tsx';
import { brief, words } from '../format/text.ts';
import { hrefOf, navigate } from '../router.ts';
import { useAgentName } from '../runs/agent-names.ts';
import { FILTERS, type Filters, filterText, isOfWaiting, searchOf, SPANS } from '../runs/filters.ts';
import { pending, pendingCount } from '../runs/pending.ts';
import { isState } from '../runs/states.ts';
import { useStore } from '../store.ts';
import { AgentSearch } from './agent-search.tsx';
import { Menu } from './menu.tsx';
import { OpenById } from './open-by-id.tsx';

/** The choices of states; empty for all. */
const STATUSES = ['', 'ACTIVE', 'WAITING', 'COMPLETED', 'FAILED', 'CANCELLED'];
const MORE = ['min', 'max', 'metadata', 'conversation', 'stopReason'];

interface Props {
  readonly filters: Filters;
}

/** The filters above the list: states, menus that add filters, and a chip for each filter. */
export function FilterBar({ filters }: Props) {
  const [chosen = ''] = filters['status'] ?? [];
  const key = searchOf(filters);
  const count = useStore(pending, pendingCount);
  const isWaiting = isOfWaiting(filters['status']);
  return (
    <search class="filters line" aria-label="Filters">
      <div class="states card" role="group" aria-label="Status">
        {STATUSES.map((value) => (
          <a
            href={hrefOf(searchOf({ ...filters, status: [value].filter(Boolean) }))}
            class="line"
            aria-current={value === chosen ? 'true' : undefined}
          >
            {value !== '' && <StateMark state={isState(value) ? value : 'RUNNING'} />}
            {value === '' ? 'All' : filterText('status', value)}
            {value === 'WAITING' && <strong>{count}</strong>}
          </a>
        ))}
      </div>
      <div class="line">
        <Menu label="Agent">
          <AgentSearch key={key} filters={filters} />
        </Menu>
        {!isWaiting && (
          <Menu label="Time">
            <ul class="options">
              {['', ...SPANS.keys()].map((value) => {
                const search = searchOf({ ...filters, after: [value].filter(Boolean), before: [] });
                return (
                  <li>
                    <a href={hrefOf(search)}>{SPANS.get(value)?.label ?? 'Any time'}</a>
                  </li>
                );
              })}
              {[...SPANS].slice(0, 2).map(([value, { ago }]) => (
                <li>
                  <a href={hrefOf(searchOf({ ...filters, after: [], before: [value] }))}>Before {ago}</a>
                </li>
              ))}
            </ul>
            <FilterForm key={key} filters={filters} names={['after', 'before']} />
          </Menu>
        )}
        <Menu label="More">
          <FilterForm key={key} filters={filters} names={isWaiting ? ['conversation'] : MORE} />
        </Menu>
      </div>
      <OpenById />
      <Chips filters={filters} />
    </search>
  );
}

/** A form for filters. A filter that may have several values gets another value. */
function FilterForm({ filters, names }: Props & { readonly names: readonly string[] }) {
  const onSubmit = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }): void => {
    event.preventDefault();
    const changes = [...new FormData(event.currentTarget)].map(([name, entry]) => {
      const text = typeof entry === 'string' ? entry.trim() : '';
      const { isList, field } = FILTERS[name] ?? {};
      const isTime = field?.['type'] === 'datetime-local';
      // The field of a time doesn't show the one that is in use.
      const others = isList || (isTime && text === '') ? (filters[name] ?? []) : [];
      const value = isTime && text !== '' ? new Date(text).toISOString() : text;
      return [name, [...new Set([...others, value])].filter(Boolean)];
    });
    navigate(searchOf({ ...filters, ...Object.fromEntries(changes) }));
  };
  return (
    <form onSubmit={onSubmit}>
      {names.map((name, index) => {
        const { label, hint, field, choices, isList } = FILTERS[name] ?? {};
        const [value] = isList || field?.['type'] ? [] : (filters[name] ?? []);
        return (
          <label>
            {label}
            {choices ? (
              <select name={name}>
                <option value="">Any</option>
                {choices.map((choice) => (
                  <option value={choice}>{words(choice)}</option>
                ))}
              </select>
            ) : (
              <input
                name={name}
                {...field}
                defaultValue={value}
                autofocus={index === 0}
                autocomplete="off"
                spellcheck={false}
              />
            )}
            {hint && <span class="muted">{hint}</span>}
          </label>
        );
      })}
      <button>Apply</button>
    </form>
  );
}

/** A button for each filter in use, which removes it. */
function Chips({ filters }: Props) {
  const [agent = ''] = filters['agent'] ?? [];
  const agentName = useAgentName(agent);
  const { status: _, ...others } = filters;
  if (Object.keys(others).length === 0) return null;
  return (
    <ul class="chips line" aria-label="Filters in use">
      {Object.entries(others).map(([name, values]) =>
        values.map((value) => {
          const without = { ...filters, [name]: values.filter((other) => other !== value) };
          return (
            <li key={name + value}>
              <button type="button" class="chip small" onClick={() => navigate(searchOf(without))}>
                <span class="hidden">Remove</span> <span class="muted">{FILTERS[name]?.label}</span>{' '}
                {name === 'agent' ? agentName : brief(filterText(name, value))}
                <span class="muted" aria-hidden="true">
                  {' ×'}
                </span>
              </button>
            </li>
          );
        }),
      )}
      <li>
        <a href={hrefOf('')}>Clear filters</a>
      </li>
      {agent && (
        <li>
          <a href={hrefOf(`agents/${agent}`)}>Conversations</a>
        </li>
      )}
    </ul>
  );
}
