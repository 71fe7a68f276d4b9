import type { ExplorerRunsQueryVariables, MetadataFilter } from '../__generated__/graphql.ts';
import { words } from '../format/text.ts';
import { duration, nanoseconds, shortTime } from '../format/time.ts';
import { isState, STATES } from './states.ts';

/** The filters of the list by their names in the address: a link to a view is the view. */
export type Filters = Readonly<Record<string, readonly string[]>>;
/** The arguments of lists of runs that filters become. */
export type ListArguments = Omit<ExplorerRunsQueryVariables, 'first' | 'after'>;

interface Filter {
  readonly label: string;
  /** Whether it may have several values. */
  readonly isList?: true;
  /** How a value is shown; by default as it is. */
  readonly text?: (value: string) => string;
  /** What isn't valid is sent as it is: the gateway says what is wrong with it. */
  readonly variables: (value: string, values: readonly string[], now: number) => object;
}

/** Spans of time that end now, by what they are in the address. */
export const SPANS: ReadonlyMap<string, { readonly label: string; readonly ms: number }> = new Map([
  ['1h', { label: 'Last hour', ms: 3_600_000 }],
  ['24h', { label: 'Last 24 hours', ms: 86_400_000 }],
  ['7d', { label: 'Last 7 days', ms: 7 * 86_400_000 }],
  ['30d', { label: 'Last 30 days', ms: 30 * 86_400_000 }],
]);

function instant(value: string, now: number): string {
  const span = SPANS.get(value);
  return span === undefined ? value : new Date(now - span.ms).toISOString();
}

const timeText = (value: string): string =>
  SPANS.get(value)?.label ?? (Number.isNaN(Date.parse(value)) ? value : shortTime(value));
const durationText = (value: string): string => duration(nanoseconds(value)).replace('–', value);

/** In the order of their chips. */
export const FILTERS: Readonly<Record<string, Filter>> = {
  agent: { label: 'Agent', variables: (agentId) => ({ agentId }) },
  after: {
    label: 'Since',
    text: timeText,
    variables: (value, _, now) => ({ createdAfter: instant(value, now) }),
  },
  before: {
    label: 'Before',
    text: timeText,
    variables: (value, _, now) => ({ createdBefore: instant(value, now) }),
  },
  min: {
    label: 'Took at least',
    text: durationText,
    variables: (value) => ({ minDurationNs: nanoseconds(value) ?? value }),
  },
  max: {
    label: 'Took at most',
    text: durationText,
    variables: (value) => ({ maxDurationNs: nanoseconds(value) ?? value }),
  },
  stopReason: {
    label: 'Stop reason',
    isList: true,
    text: words,
    variables: (_, stopReasons) => ({ stopReasons }),
  },
  metadata: {
    label: 'Metadata',
    isList: true,
    text: (value) => value.replace('=', ' = '),
    variables: (_, values) => ({ metadata: values.map(metadataFilter) }),
  },
  conversation: { label: 'Conversation', variables: (conversationId) => ({ conversationId }) },
  status: {
    label: 'Status',
    text: (value) => (isState(value) ? STATES[value].label : value === 'ACTIVE' ? 'Active' : value),
    variables: (value) =>
      value === 'ACTIVE'
        ? { active: true }
        : ((isState(value) ? STATES[value].filter : undefined) ?? { statuses: [value] }),
  },
};

/** How a value of a filter is shown. */
export const filterText = (name: string, value: string): string => FILTERS[name]?.text?.(value) ?? value;

/** @param value `path=value`, or a path that has to be there. Numbers, booleans and quoted texts are JSON. */
function metadataFilter(value: string): MetadataFilter {
  const [, path = value, text] = /^([^=]*)=(.*)$/s.exec(value) ?? [];
  if (text === undefined) return { path, exists: true };
  try {
    // oxlint-disable-next-line no-restricted-properties -- One value, which isn't an object.
    if (/^(?:-?\d|true$|false$|null$|")/.test(text)) return { path, equals: JSON.parse(text) };
  } catch {
    // Then it is a text.
  }
  return { path, equals: text };
}

/** The filters in the query of an address. */
export function filtersIn(search: string): Filters {
  const parameters = new URLSearchParams(search);
  const entries = Object.entries(FILTERS).map(([name, { isList }]) => {
    const values = parameters.getAll(name).filter(Boolean);
    // A chip for a value that selects nothing would not be true.
    return [name, isList ? values : values.slice(0, 1)] as const;
  });
  return Object.fromEntries(entries.filter(([, values]) => values.length > 0));
}

/** The query of the address of a view. */
export function searchOf(filters: Filters): string {
  const pairs = Object.keys(FILTERS).flatMap((name) => (filters[name] ?? []).map((value) => [name, value]));
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}

export function variablesOf(filters: Filters, now: number): ListArguments {
  const parts = Object.entries(FILTERS).map(([name, { variables }]) => {
    const [first, ...rest] = filters[name] ?? [];
    return first === undefined ? {} : variables(first, [first, ...rest], now);
  });
  return Object.assign({}, ...parts);
}
