import { expect, it } from 'vitest';
import { readDuration } from '../../src/runs/duration.ts';

it.each([
  ['PT0S', 0],
  ['PT1M', 60e9],
  ['PT0.5S', 5e8],
  ['PT0,000000001S', 1],
  ['PT1H30M', 5400e9],
  ['P1D', 86_400e9],
  ['P1DT1S', 86_401e9],
  ['P2W', 1_209_600e9],
  ['PT90M', 5400e9],
  ['PT1.1000000000S', 11e8],
])('%s is %d nanoseconds', (text, ns) => {
  expect(readDuration(text)).toBe(ns);
});

it.each([
  '',
  'P',
  'PT',
  'P1',
  'P1DT',
  '1m',
  'pt1m',
  'P1M',
  'P1Y',
  'PT1.5M',
  'PT.5S',
  'PT1.S',
  'PT0.0000000001S',
  '-PT1S',
  '+PT1S',
  'P1WT1S',
  'PT1S ',
  'PT1M1H',
  `PT${'9'.repeat(100)}S`,
])('%j is none', (text) => {
  expect(readDuration(text)).toBeUndefined();
});
