import {
  type ExplorerRunsQueryVariables,
  type MetadataFilter,
  STOP_REASONS,
} from '../__generated__/graphql.ts';
import { words } from '../format/text.ts';
import { duration, nanoseconds, shortTime } from '../format/time.ts';
import { isState, STATES } from './states.ts';

/** The values of filters by their names in the address, so that a link opens the same list. */
export type Filters = Readonly<Record<string, readonly string[]>>;
/** The filters as arguments of a list of runs. */
export type ListArguments = Omit<ExplorerRunsQueryVariables, 'first' | 'after'>;

interface Filter {
  readonly label: string;
  /** Returns the text of a value; by default the value itself. */
  readonly text?: (value: string) => string;
  /** Whether the filter may have several values. */
  readonly isList?: true;
  /** The arguments for the values. Invalid values are sent too: the gateway's error names them best. */
  readonly variables: (values: readonly string[], now: number) => object;
  /** The attributes of the input field. */
  readonly field?: Readonly<Record<string, string>>;
  /** A hint that is shown before a value is chosen. */
  readonly hint?: string;
  /** The values to choose from. */
  readonly choices?: readonly string[];
}

const HOUR_MS = 3_600_000;
interface SpanOfTime {
  readonly label: string;
  /** The beginning of the span. */
  readonly ago: string;
  readonly ms: number;
}

/** Spans of time that end now, by their names in the address. */
export const SPANS: ReadonlyMap<string, SpanOfTime> = new Map([
  ['1h', { label: 'Last hour', ago: 'an hour ago', ms: HOUR_MS }],
  ['24h', { label: 'Last 24 hours', ago: 'a day ago', ms: 24 * HOUR_MS }],
  ['7d', { label: 'Last 7 days', ago: '7 days ago', ms: 7 * 24 * HOUR_MS }],
  ['30d', { label: 'Last 30 days', ago: '30 days ago', ms: 30 * 24 * HOUR_MS }],
]);

/** A filter by a time: the beginning of a span that ends now, a date or an instant. */
const time = (
  label: string,
  argument: 'createdAfter' | 'createdBefore',
  textOf: (span: SpanOfTime) => string,
): Filter => ({
  label,
  text(value) {
    const span = SPANS.get(value);
    if (span !== undefined) return textOf(span);
    return Number.isNaN(Date.parse(value)) ? value : shortTime(value);
  },
  variables: ([value = ''], now) => {
    const span = SPANS.get(value);
    return { [argument]: span === undefined ? value : new Date(now - span.ms).toISOString() };
  },
  field: { type: 'datetime-local' },
});

/** A filter by a duration, as people write it. */
const length = (label: string, argument: 'minDurationNs' | 'maxDurationNs', placeholder: string): Filter => ({
  label,
  text: (value) => duration(nanoseconds(value)).replace('–', value),
  variables: ([value = '']) => ({ [argument]: nanoseconds(value) ?? value }),
  field: {
    placeholder,
    pattern: String.raw`(\d+(\.\d+)?\s*(ms|s|sec|m|min|h|d)\s*)+|\d+(\.\d+)?|[Pp][Tt]\w.*`,
    title: 'A duration, such as 90s, 5m, 1h or PT1M30S',
  },
});

/** The filters by their names in the address, in the order of their chips. */
export const FILTERS: Readonly<Record<string, Filter>> = {
  agent: { label: 'Agent', variables: ([agentId]) => ({ agentId }) },
  after: time('Since', 'createdAfter', ({ label }) => label),
  before: time('Before', 'createdBefore', ({ ago }) => ago),
  min: length('Took at least', 'minDurationNs', '1m'),
  max: length('Took at most', 'maxDurationNs', '30s'),
  stopReason: {
    label: 'Stop reason',
    isList: true,
    text: words,
    variables: (stopReasons) => ({ stopReasons }),
    hint: 'A run whose model provider failed often has none. “Failures” finds it.',
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

export const filterText = (name: string, value: string): string => FILTERS[name]?.text?.(value) ?? value;

/** @param value `path=value`, or a path that has to exist. Numbers, booleans and quoted texts are JSON. */
function metadataFilter(value: string): MetadataFilter {
  const [, path = value, text] = /^([^=]*)=(.*)$/s.exec(value) ?? [];
  if (text === undefined) return { path, exists: true };
  try {
    // oxlint-disable-next-line no-restricted-properties -- A single value, not an object.
    if (/^(?:-?\d|true$|false$|null$|")/.test(text)) return { path, equals: JSON.parse(text) };
  } catch {
    // Not JSON: a text.
  }
  return { path, equals: text };
}

/** Whether the list of runs that wait is selected. */
export const isOfWaiting = ([status]: readonly string[] = []): boolean => status === 'WAITING';

/** The names of the filters of a list. */
const namesFor = (statuses?: readonly string[]): readonly string[] =>
  isOfWaiting(statuses) ? ['agent', 'conversation', 'status'] : Object.keys(FILTERS);

/** Reads filters from the query of an address. */
export function filtersIn(search: string): Filters {
  const parameters = new URLSearchParams(search);
  const entries = namesFor(parameters.getAll('status')).map((name) => {
    const values = parameters.getAll(name).filter(Boolean);
    // The list uses only the first value, so a second value must not be shown.
    return [name, FILTERS[name]?.isList ? values : values.slice(0, 1)] as const;
  });
  return Object.fromEntries(entries.filter(([, values]) => values.length > 0));
}

/** Returns the query of the address for filters. */
export function searchOf(filters: Filters): string {
  const names = namesFor(filters['status']);
  const pairs = names.flatMap((name) => (filters[name] ?? []).map((value) => [name, value]));
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}

/** Returns the arguments of a list for filters. @param now when spans of time end, in milliseconds */
export function variablesOf(filters: Filters, now: number): ListArguments {
  const parts = Object.entries(filters).map(([name, values]) => FILTERS[name]?.variables(values, now));
  return Object.assign({}, ...parts);
}
