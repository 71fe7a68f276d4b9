// The filters of the list. They live in the address, so a link to a view is the view.

import { duration, nanoseconds, shortTime, words } from './format.js';
import { STATES } from './states.js';

/** Values by the names of parameters in the address. @typedef {Readonly<Record<string, readonly string[]>>} Filters */

/**
 * @typedef {object} Filter
 * @property {string} label
 * @property {boolean} [isList] whether it may have several values
 * @property {(value: string) => string} text how a value is shown
 * @property {(values: readonly string[], now: number) => object} variables the arguments of `runs` that they become
 */

/** Spans of time that end now, by what they are in the address. */
export const SPANS = new Map([
  ['1h', { label: 'Last hour', ms: 3_600_000 }],
  ['24h', { label: 'Last 24 hours', ms: 86_400_000 }],
  ['7d', { label: 'Last 7 days', ms: 7 * 86_400_000 }],
  ['30d', { label: 'Last 30 days', ms: 30 * 86_400_000 }],
]);

/**
 * An instant as the gateway takes it. What isn't known is sent as it is: the gateway says what is wrong with it.
 *
 * @param {string} value
 * @param {number} now
 */
function instant(value, now) {
  const span = SPANS.get(value);
  return span === undefined ? value : new Date(now - span.ms).toISOString();
}

/** @param {string} value */
const timeText = (value) => (Number.isNaN(Date.parse(value)) ? value : shortTime(value));
/** @param {string} value */
const durationText = (value) => duration(nanoseconds(value)).replace('–', value);

/** In the order of their chips. @type {Readonly<Record<string, Filter>>} */
export const FILTERS = {
  agent: { label: 'Agent', text: (id) => id, variables: ([agentId]) => ({ agentId }) },
  after: {
    label: 'Since',
    text: (value) => SPANS.get(value)?.label ?? timeText(value),
    variables: ([value = ''], now) => ({ createdAfter: instant(value, now) }),
  },
  before: {
    label: 'Before',
    text: timeText,
    variables: ([value = ''], now) => ({ createdBefore: instant(value, now) }),
  },
  min: {
    label: 'Took at least',
    text: durationText,
    variables: ([value = '']) => ({ minDurationNs: nanoseconds(value) ?? value }),
  },
  max: {
    label: 'Took at most',
    text: durationText,
    variables: ([value = '']) => ({ maxDurationNs: nanoseconds(value) ?? value }),
  },
  stopReason: {
    label: 'Stop reason',
    isList: true,
    text: words,
    variables: (stopReasons) => ({ stopReasons }),
  },
  metadata: {
    label: 'Metadata',
    isList: true,
    text: (value) => value.replace('=', ' = '),
    variables: (values) => ({ metadata: values.map(metadataFilter) }),
  },
  conversation: {
    label: 'Conversation',
    text: (id) => id,
    variables: ([conversationId]) => ({ conversationId }),
  },
  status: {
    label: 'Status',
    text: (value) => (value === 'ACTIVE' ? 'Active' : (STATES[value]?.label ?? value)),
    variables: ([value = '']) =>
      value === 'ACTIVE' ? { active: true } : (STATES[value]?.filter ?? { statuses: [value] }),
  },
};

/**
 * @param {string} value `path=value`, or a path that has to be there. Numbers, booleans and quoted texts are JSON.
 */
function metadataFilter(value) {
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

/**
 * @param {string} search of an address
 * @returns {Filters}
 */
export function filtersIn(search) {
  const parameters = new URLSearchParams(search);
  const entries = Object.entries(FILTERS).map(([name, { isList }]) => {
    const values = parameters.getAll(name).filter(Boolean);
    // A chip for a value that selects nothing would not be true.
    return [name, isList ? values : values.slice(0, 1)];
  });
  return Object.fromEntries(entries.filter(([, values]) => values?.length));
}

/**
 * The address of a view.
 *
 * @param {Filters} filters
 */
export function searchOf(filters) {
  const pairs = Object.keys(FILTERS).flatMap((name) => (filters[name] ?? []).map((value) => [name, value]));
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}

/**
 * @param {Filters} filters
 * @param {number} now
 * @returns {Record<string, unknown>} arguments of `runs`
 */
export function variablesOf(filters, now) {
  const parts = Object.entries(FILTERS).map(([name, { variables }]) => {
    const values = filters[name] ?? [];
    return values.length === 0 ? {} : variables(values, now);
  });
  return Object.assign({}, ...parts);
}
