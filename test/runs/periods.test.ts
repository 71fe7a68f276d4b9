import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { periodStarts, readTimeZone } from '../../src/runs/periods.ts';
import { propertyRuns } from '../support/property-runs.ts';

/** The units of time of `overTime`. */
const UNITS = ['HOUR', 'DAY', 'WEEK'] as const;
type Unit = (typeof UNITS)[number];

/** Zones that change their clocks by half an hour, at midnight, or that skipped a day, and usual ones. */
const ZONES = [
  ['UTC', 'Europe/Berlin', 'America/New_York', 'America/St_Johns', 'America/Sao_Paulo', 'America/Havana'],
  ['America/Nuuk', 'America/Santiago', 'Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Beirut', 'Africa/Casablanca'],
  ['Africa/Cairo', 'Antarctica/Troll', 'Australia/Lord_Howe', 'Pacific/Apia', 'Pacific/Chatham', '-03:30'],
].flat();

const QUARTER = 900_000;

/** Returns the start of the period of an instant since 2012, as Temporal has it. */
function periodStart(ms: number, unit: Unit, zone: string): number {
  const at = shown(ms, zone);
  if (unit === 'DAY') return at.startOfDay().epochMilliseconds;
  if (unit === 'WEEK') return at.subtract({ days: at.dayOfWeek - 1 }).startOfDay().epochMilliseconds;
  // All offsets are of quarters of an hour.
  for (let start = Math.floor(ms / QUARTER) * QUARTER; ; start -= QUARTER) {
    if (shown(start, zone).minute === 0) return start;
  }
}

function shown(ms: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
}

const MAX = 1000;

/** The beginnings of all periods between two instants, as texts. */
function starts(unit: Unit, zone: string, first: string, last: string): readonly string[] | undefined {
  const offsetAt = readTimeZone(zone);
  if (offsetAt === undefined) throw new Error(`There is no zone ${zone}`);
  const found = periodStarts({ first: Date.parse(first), last: Date.parse(last) }, unit, offsetAt, MAX);
  return found?.map((ms) => new Date(ms).toISOString().replace(':00.000Z', 'Z'));
}

describe('Periods follow each other without a gap', () => {
  it.each<[unit: Unit, zone: string, span: string, expected: string]>([
    // A day that has 23 hours, and one that has 25.
    ['DAY', 'Europe/Berlin', '2026-03-29T12:00Z', '2026-03-28T23:00Z 2026-03-29T22:00Z'],
    ['DAY', 'Europe/Berlin', '2026-10-25T12:00Z', '2026-10-24T22:00Z 2026-10-25T23:00Z'],
    // Weeks, which begin on Mondays, also where clocks are changed.
    [
      'WEEK',
      'UTC',
      '2026-11-22T23:59Z 2026-11-23T00:00Z',
      '2026-11-16T00:00Z 2026-11-23T00:00Z 2026-11-30T00:00Z',
    ],
    ['WEEK', 'America/New_York', '2026-03-08T12:00Z', '2026-03-02T05:00Z 2026-03-09T04:00Z'],
    // Half an hour off.
    [
      'HOUR',
      'Asia/Kolkata',
      '2026-01-01T00:29Z 2026-01-01T00:31Z',
      '2025-12-31T23:30Z 2026-01-01T00:30Z 2026-01-01T01:30Z',
    ],
    // Both hours that clocks show twice, and none that they skip.
    ['HOUR', 'Europe/Berlin', '2026-10-25T00:30Z', '2026-10-25T00:00Z 2026-10-25T01:00Z'],
    ['HOUR', 'Europe/Berlin', '2026-10-25T01:30Z', '2026-10-25T01:00Z 2026-10-25T02:00Z'],
    ['HOUR', 'Europe/Berlin', '2026-03-29T01:30Z', '2026-03-29T01:00Z 2026-03-29T02:00Z'],
    // One and a half hours where clocks are changed by half an hour.
    ['HOUR', 'Australia/Lord_Howe', '2026-04-04T15:15Z', '2026-04-04T14:00Z 2026-04-04T15:30Z'],
    ['HOUR', 'Australia/Lord_Howe', '2026-10-03T15:45Z', '2026-10-03T14:30Z 2026-10-03T16:00Z'],
    // No day that the zone skipped.
    [
      'DAY',
      'Pacific/Apia',
      '2011-12-30T09:59Z 2011-12-30T10:00Z',
      '2011-12-29T10:00Z 2011-12-30T10:00Z 2011-12-31T10:00Z',
    ],
    // A day that begins at one, one that ends with the second of two equal hours, and one that begins with the first.
    ['DAY', 'America/Sao_Paulo', '2018-11-04T12:00Z', '2018-11-04T03:00Z 2018-11-05T02:00Z'],
    ['DAY', 'America/Sao_Paulo', '2019-02-16T12:00Z', '2019-02-16T02:00Z 2019-02-17T03:00Z'],
    ['DAY', 'America/Havana', '2026-11-01T12:00Z', '2026-11-01T04:00Z 2026-11-02T05:00Z'],
    // A fixed offset.
    ['DAY', '+05:45', '2026-01-01T18:14Z', '2025-12-31T18:15Z 2026-01-01T18:15Z'],
  ])('%s, %s, %s', (unit, zone, span, expected) => {
    const [first = '', last = first] = span.split(' ');
    expect(starts(unit, zone, first, last)?.join(' ')).toBe(expected);
  });

  it('and are those of Temporal, in zones of all kinds', () => {
    const instant = fc.integer({ min: Date.UTC(2012, 0), max: Date.UTC(2037, 0) });
    const hours = fc.oneof(fc.nat(48), fc.nat(800));
    fc.assert(
      fc.property(
        instant,
        hours,
        fc.constantFrom(...UNITS),
        fc.constantFrom(...ZONES),
        (first, length, unit, zone) => {
          const last = first + length * 3_600_000;
          const offsetAt = readTimeZone(zone);
          const found = offsetAt && periodStarts({ first, last }, unit, offsetAt, MAX);
          const expected = new Set<number>();
          for (let at = first; at <= last; at += 900_000) expected.add(periodStart(at, unit, zone));
          expected.add(periodStart(last, unit, zone));
          expect(found?.slice(0, -1)).toEqual([...expected]);
          const end = found?.at(-1) ?? 0;
          expect(periodStart(end, unit, zone)).toBe(end);
          expect(periodStart(end - 1, unit, zone)).toBe(found?.at(-2));
        },
      ),
      { numRuns: propertyRuns(60) },
    );
  });
});

it('So many periods are found, and no more', () => {
  expect(starts('HOUR', 'UTC', '2026-01-01T00:00:00Z', '2026-02-11T15:59:59Z')).toHaveLength(MAX + 1);
  expect(starts('HOUR', 'UTC', '2026-01-01T00:00:00Z', '2026-02-11T16:00:00Z')).toBeUndefined();
});

it.each(['Mars/Base', '', 'GMT+5', 'Europe', '+25:00', 'UTC '])('%j is no time zone', (name) => {
  expect(readTimeZone(name)).toBeUndefined();
});

it('Times before there were zones have offsets in seconds', () => {
  expect(readTimeZone('Europe/Amsterdam')?.(Date.UTC(1800, 0))).toBe((17 * 60 + 30) * 1000);
});
