// How numbers, times and words are shown.

const ACRONYMS = /\b(?:api|llm)\b/g;
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/**
 * Shows times, with the year where it isn't this one.
 *
 * @param {Intl.DateTimeFormatOptions} options
 * @returns {(time: string | number) => string}
 */
function withYear(options) {
  const thisYear = new Intl.DateTimeFormat(undefined, options);
  const others = new Intl.DateTimeFormat(undefined, { ...options, year: 'numeric' });
  return (time) => {
    const date = new Date(time);
    return (date.getFullYear() === new Date().getFullYear() ? thisYear : others).format(date);
  };
}
export const shortDay = withYear({ month: 'short', day: 'numeric' });
export const shortTime = withYear({
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** @param {string | number} time */
export const fullTime = (time) => FULL.format(new Date(time));

/**
 * How long ago something was.
 *
 * @param {string | number} time
 * @param {number} [now]
 */
export function ago(time, now = Date.now()) {
  const then = new Date(time).getTime();
  const seconds = Math.max(0, Math.round((now - then) / 1000));
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return seconds < 7 * 86_400 ? `${Math.floor(seconds / 86_400)} d ago` : shortDay(then);
}

/**
 * @param {number | null | undefined} ns nanoseconds
 * @returns {string} such as `420 ms`, `4.3 s`, `2m 05s`; a dash for none
 */
export function duration(ns) {
  if (ns === null || ns === undefined) return '–';
  const ms = ns / 1e6;
  if (ms < 1) return ms === 0 ? '0 s' : '< 1 ms';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  const hours = Math.floor(seconds / 3600);
  if (hours < 48) return `${hours}h ${two(Math.floor(seconds / 60) % 60)}m`;
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

/** @param {number} value */
const two = (value) => String(value).padStart(2, '0');

/**
 * @param {number} value
 * @param {{ precision?: string }} [count]
 */
export function number(value, { precision } = {}) {
  return value.toLocaleString('en-US') + (precision === 'AT_LEAST' ? '+' : '');
}

/**
 * An enum value as words: `LLM_API_ERROR` is "LLM API error".
 *
 * @param {string} value
 */
export function words(value) {
  const text = value.toLowerCase().replaceAll('_', ' ');
  const lower = text.replace(ACRONYMS, (acronym) => acronym.toUpperCase());
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

/**
 * Reads a duration as people write it: `90s`, `1.5 min`, `PT1M30S`.
 *
 * @param {string} text
 * @returns {number | undefined} nanoseconds
 */
export function nanoseconds(text) {
  const iso = ISO_DURATION.exec(text.trim());
  if (iso !== null) {
    const [hours = 0, minutes = 0, seconds = 0] = iso.slice(1).map((part) => Number(part ?? 0));
    return Math.round((hours * 3600 + minutes * 60 + seconds) * 1e9);
  }
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const size = UNITS.get(unit.toLowerCase());
  return amount === undefined || size === undefined ? undefined : Math.round(Number(amount) * size);
}
const ISO_DURATION = /^PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/i;
const UNITS = new Map([
  ['ms', 1e6],
  ['', 1e9],
  ['s', 1e9],
  ['sec', 1e9],
  ['m', 60e9],
  ['min', 60e9],
  ['h', 3600e9],
  ['d', 86_400e9],
]);

// oxlint-disable-next-line no-control-regex -- These are what is looked for.
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Spells out characters that can't be seen, such as those that turn the direction of text.
 *
 * @param {string} text
 */
export const visible = (text) =>
  text.replaceAll('\r\n', '\n').replace(INVISIBLE, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });

/**
 * The beginning of a text, on one line.
 *
 * @param {string} text
 */
export const brief = (text, length = 100) =>
  visible(text.slice(0, length).replaceAll(/\s+/g, ' ')) + (text.length > length ? '…' : '');
