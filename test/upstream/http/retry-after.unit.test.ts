import { describe, expect, it } from 'vitest';
import { readRetryAfter, readShouldRetry } from '../../../src/upstream/http/retry-after.ts';

const NOW = Date.parse('2026-01-31T09:30:00Z');

it.each<[string | undefined, number | undefined]>([
  ['0', 0],
  ['7', 7000],
  [' 7 ', 7000],
  ['1.2', 1200],
  ['0.0001', 1],
  // The three formats of dates.
  ['Sat, 31 Jan 2026 09:30:05 GMT', 5000],
  ['Saturday, 31-Jan-26 09:30:05 GMT', 5000],
  ['Sat Jan 31 09:30:05 2026', 5000],
  ['Sun Feb  1 09:30:00 2026', 86_400_000],
  // Dates that are past, also those of two digits that could be far ahead.
  ['Sat, 31 Jan 2026 09:29:05 GMT', 0],
  ['Sunday, 06-Nov-94 08:49:37 GMT', 0],
  ['Sun Nov  6 08:49:37 1994', 0],
  // More than a timer takes.
  ['99999999999999999999', 2 ** 31 - 1],
  ['9'.repeat(1000), 2 ** 31 - 1],
  ['Sat, 31 Jan 2126 09:30:05 GMT', 2 ** 31 - 1],
  // Nothing, and what makes no sense.
  [undefined, undefined],
  ['', undefined],
  ['-1', undefined],
  ['1e3', undefined],
  ['0x10', undefined],
  ['1,5', undefined],
  ['5 s', undefined],
  ['soon', undefined],
  ['Infinity', undefined],

  ['2026-01-31T09:30:05Z', undefined],
  ['Sat, 99 Jan 2026 09:30:05 GMT', undefined],
  ['Sat, 31 Foo 2026 09:30:05 GMT', undefined],
  ['Sat, 31 Jan 2026 25:30:05 GMT', undefined],
  ['Sat, 31 Jan 2026 09:30:05 CET', undefined],
])('Retry-After: %s is %s milliseconds', (header, milliseconds) => {
  expect(readRetryAfter({ 'retry-after': header }, NOW)).toBe(milliseconds);
});

describe('The time to wait', () => {
  it('is up to a date, to the millisecond', () => {
    expect(readRetryAfter({ 'retry-after': 'Sat, 31 Jan 2026 09:30:05 GMT' }, NOW + 100)).toBe(4900);
  });

  it('goes by the clock of the upstream, where the response has its time', () => {
    const headers = {
      date: 'Sat, 31 Jan 2026 11:00:00 GMT',
      'retry-after': 'Sat, 31 Jan 2026 11:00:05 GMT',
    };
    expect(readRetryAfter(headers, NOW)).toBe(5000);
    expect(readRetryAfter({ ...headers, date: 'yesterday' }, NOW)).toBe(5_405_000);
  });

  it('is that of retry-after-ms, if that is valid', () => {
    expect(readRetryAfter({ 'retry-after-ms': '250', 'retry-after': '1' }, NOW)).toBe(250);
    expect(readRetryAfter({ 'retry-after-ms': '0.5', 'retry-after': '1' }, NOW)).toBe(1);
    expect(readRetryAfter({ 'retry-after-ms': 'soon', 'retry-after': '1' }, NOW)).toBe(1000);
    expect(readRetryAfter({ 'retry-after-ms': '-1' }, NOW)).toBeUndefined();
  });

  it('is the first one of several', () => {
    expect(readRetryAfter({ 'retry-after': ['3', '5'] }, NOW)).toBe(3000);
  });
});

it.each([
  ['true', true],
  ['False', false],
  ['maybe', undefined],
  [undefined, undefined],
])('x-should-retry: %s is %s', (header, expected) => {
  expect(readShouldRetry({ 'x-should-retry': header })).toBe(expected);
});
