import { expect, it } from 'vitest';
import { parseRetryAfter } from '../../../src/upstream/http/retry-after.ts';

const NOW = Date.parse('2026-01-31T09:30:00Z');

it.each<[string | undefined, number | undefined]>([
  ['0', 0],
  ['7', 7],
  [' 7 ', 7],
  ['1.2', 2],
  ['Sat, 31 Jan 2026 09:30:05 GMT', 5],
  // A date that is past.
  ['Sat, 31 Jan 2026 09:29:05 GMT', 0],
  // Nothing, and what makes no sense.
  [undefined, undefined],
  ['', undefined],
  ['-1', undefined],
  ['soon', undefined],
  ['2026-01-31T09:30:05Z', undefined],
  ['Sat, 99 Jan 2026 09:30:05 GMT', undefined],
  ['Saturday, 31-Jan-26 09:30:05 GMT', undefined],
  ['99999999999999999999', undefined],
])('Retry-After: %s is %s seconds', (header, seconds) => {
  expect(parseRetryAfter(header, NOW)).toBe(seconds);
});

it('A fraction of a second up to a date counts as a whole one', () => {
  expect(parseRetryAfter('Sat, 31 Jan 2026 09:30:05 GMT', NOW + 100)).toBe(5);
});
