import {
  type ExplorerRunsQueryVariables,
  type MetadataFilter,
  STOP_REASONS,
} from '../__generated__/graphql.ts';
import { words } from '../format/text.ts';
import { duration, nanoseconds, shortTime } from '../format/time.ts';
import { isState, STATES } from './states.ts';

/** The filters of the list by their names in the address: a link to a view is the view. */
export type Filters = Readonly<Record<string, readonly string[]>>;
/** The arguments of lists of runs that filters become. */
export type ListArguments = Omit<ExplorerRunsQueryVariables, 'first' | 'after'>;

interface Filter {
  readonly label: string;
  /** How a value is shown; by default as it is. */
  readonly text?: (value: string) => string;
  /** Whether it may have several values. */
  readonly isList?: true;
  /** What isn't valid is sent as it is: the gateway says what is wrong with it. */
  readonly variables: (values: readonly string[], now: number) => object;
  /** The attributes of the field in which it is typed. */
  readonly field?: Readonly<Record<string, string>>;
  /** The values to choose from. */
  readonly choices?: readonly string[];
}

const HOUR_MS = 3_600_000;
/** Spans of time that end now, by what they are in the address. */
export const SPANS: ReadonlyMap<string, { readonly label: string; readonly ms: number }> = new Map([
  ['1h', { label: 'Last hour', ms: HOUR_MS }],
  ['24h', { label: 'Last 24 hours', ms: 24 * HOUR_MS }],
  ['7d', { label: 'Last 7 days', ms: 7 * 24 * HOUR_MS }],
  ['30d', { label: 'Last 30 days', ms: 30 * 24 * HOUR_MS }],
]);

const instant = (value: string, now: number): string => {
  const span = SPANS.get(value);
  return span === undefined ? value : new Date(now - span.ms).toISOString();
};
const timeText = (value: string): string =>
  SPANS.get(value)?.label ?? (Number.isNaN(Date.parse(value)) ? value : shortTime(value));
const durationText = (value: string): string => duration(nanoseconds(value)).replace('–', value);
const durationField = (placeholder: string) => ({
  placeholder,
  pattern: String.raw`\d+(\.\d+)?\s*(ms|s|sec|m|min|h|d)?|PT\w.*`,
  title: 'A duration, such as 90s, 5m, 1h or PT1M30S',
});

/** In the order of their chips. */
export const FILTERS: Readonly<Record<string, Filter>> = {
  agent: { label: 'Agent', variables: ([agentId]) => ({ agentId }) },
  after: {
    label: 'Since',
    text: timeText,
    variables: ([value = ''], now) => ({ createdAfter: instant(value, now) }),
    field: { type: 'datetime-local' },
  },
  before: {
    label: 'Before',
    text: timeText,
    variables: ([value = ''], now) => ({ createdBefore: instant(value, now) }),
    field: { type: 'datetime-local' },
  },
  min: {
    label: 'Took at least',
    text: durationText,
    variables: ([value = '']) => ({ minDurationNs: nanoseconds(value) ?? value }),
    field: durationField('1m'),
  },
  max: {
    label: 'Took at most',
    text: durationText,
    variables: ([value = '']) => ({ maxDurationNs: nanoseconds(value) ?? value }),
    field: durationField('30s'),
  },
  stopReason: {
    label: 'Stop reason',
    isList: true,
    text: words,
    variables: (stopReasons) => ({ stopReasons }),
    choices: STOP_REASONS,
  },
  metadata: {
    label: 'Metadata',
    isList: true,
    text: (value) => value.replace('=', ' = '),
    variables: (values) => ({ metadata: values.map(metadataFilter) }),
    field: { placeholder: 'customer=acme' },
  },
  conversation: {
    label: 'Conversation',
    variables: ([conversationId]) => ({ conversationId }),
    field: { placeholder: 'conv-…' },
  },
  status: {
    label: 'Status',
    text: (value) => (isState(value) ? STATES[value].label : value === 'ACTIVE' ? 'Active' : value),
    variables: ([value = '']) =>
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

/** The arguments of lists for filters, of which spans of time end at `now`. */
export function variablesOf(filters: Filters, now: number): ListArguments {
  const parts = Object.entries(filters).map(([name, values]) => FILTERS[name]?.variables(values, now));
  return Object.assign({}, ...parts);
}
