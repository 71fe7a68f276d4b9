import { MAX_ANSWERS } from '../runs/limits.ts';
import { ageOf, secondsOf } from './times.ts';

/** The result of a tool: facts of bounded size, and perhaps a long list. */
export interface ToolResult {
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly list?: ResultList;
}

interface ResultList {
  readonly name: string;
  readonly items: readonly object[];
  /** Whether the first items are left out if not all fit; else the last ones. */
  readonly keepsEnd?: boolean;
  /** How many items there are, if that is known without another request. */
  readonly total?: number | undefined;
  /** Says how to get the items after the first so many, or that these are all. */
  readonly rest: (shown: number) => string;
}

/** The most characters of a result: about 5,000 tokens. */
export const MAX_CHARACTERS = 20_000;
/** Lengths to which texts are cut, until the result fits. */
const TEXT_LENGTHS = [4000, 2000, 1000, 500, 250, 100] as const;
/** Texts of up to so many characters, such as ids and texts with a cursor, are never cut. */
const WHOLE_LENGTH = 200;
/** The most items of another list; tool calls are answered all at once, so all are shown if they fit. */
const MAX_NESTED = 20;
const TOOL_CALLS = /^(?:toolCalls|pendingToolCallIds)$/;
/** Characters of a result that fits in no other way. JSON escapes at most all of them. */
const LAST_RESORT = 9000;

/**
 * Writes a result as JSON of at most {@link MAX_CHARACTERS}: texts are cut first, then items are left out but one, so that
 * no cursor leads past what was never shown. Nulls are left out as well; an `age` says how long ago a time was, `seconds`
 * are made of nanoseconds, and a count is a number.
 *
 * @param now milliseconds since 1970
 */
export function writeToolResult(result: ToolResult, now: number): string {
  for (let count = result.list?.items.length ?? 0; ; count = Math.floor(count / 2)) {
    for (const length of TEXT_LENGTHS) {
      const text = write(result, count, length, now);
      if (text.length <= MAX_CHARACTERS) return text;
    }
    if (count > 1) continue;
    const few = write(result, count, 100, now, MAX_NESTED);
    return few.length <= MAX_CHARACTERS ? few : JSON.stringify({ cut: cutText(few, LAST_RESORT) });
  }
}

function write(
  { facts = {}, list }: ToolResult,
  count: number,
  length: number,
  now: number,
  calls = MAX_ANSWERS,
): string {
  const { name, items = [], keepsEnd = false, total, rest } = list ?? {};
  const shown = keepsEnd ? items.slice(items.length - count) : items.slice(0, count);
  const all = name === undefined ? facts : { ...facts, total, [name]: shown, rest: rest?.(count) };
  return JSON.stringify(all, (key, value: unknown) => {
    if (value === null) return undefined;
    if (typeof value === 'string' && /^age$|Age$/.test(key)) return ageOf(value, now);
    if (typeof value === 'string')
      return cutText(value, /^(?:rest|id)$|Id$/.test(key) ? Math.max(length, WHOLE_LENGTH) : length);
    if (typeof value === 'number') return /^seconds$|Seconds$/.test(key) ? secondsOf(value) : value;
    if (!Array.isArray(value)) return countOf(value);
    const most = TOOL_CALLS.test(key) ? calls : MAX_NESTED;
    if (value.length <= most || key === name) return value;
    return [...value.slice(0, most), `… ${value.length - most} more`];
  });
}

/** Returns a count as a number, or as a text if there may be more; other values as they are. */
function countOf(value: unknown): unknown {
  const { value: count, precision }: { value?: unknown; precision?: unknown } = Object(value);
  if (precision === undefined) return value;
  return precision === 'EXACT' ? count : `at least ${String(count)}`;
}

/** Cuts a text in its middle, where it says how long it was. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = Math.floor(length / 3);
  return `${text.slice(0, length - end)}… [${text.length} characters] …${text.slice(-end)}`.toWellFormed();
}
