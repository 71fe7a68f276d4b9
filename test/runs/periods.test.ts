import * as fc from 'fast-check';
import { expect, it } from 'vitest';
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

/** Spans of so many hours. */
const SPANS: readonly (readonly [first: string, hours: number, unit: Unit, zone: string])[] = [
  // A day that has 23 hours, and one that has 25.
  ['2026-03-29T12:00Z', 0, 'DAY', 'Europe/Berlin'],
  ['2026-10-25T12:00Z', 0, 'DAY', 'Europe/Berlin'],
  // Weeks, which begin on Mondays, also where clocks are changed.
  ['2026-11-22T23:59Z', 1, 'WEEK', 'UTC'],
  ['2026-03-08T12:00Z', 0, 'WEEK', 'America/New_York'],
  // Half an hour off.
  ['2026-01-01T00:29Z', 1, 'HOUR', 'Asia/Kolkata'],
  // Both hours that clocks show twice, and none that they skip.
  ['2026-10-25T00:30Z', 1, 'HOUR', 'Europe/Berlin'],
  ['2026-03-29T01:30Z', 0, 'HOUR', 'Europe/Berlin'],
  // One and a half hours where clocks are changed by half an hour.
  ['2026-04-04T15:15Z', 0, 'HOUR', 'Australia/Lord_Howe'],
  ['2026-10-03T15:45Z', 0, 'HOUR', 'Australia/Lord_Howe'],
  // No day that the zone skipped.
  ['2011-12-30T09:59Z', 1, 'DAY', 'Pacific/Apia'],
  // A day that begins at one, one that ends with the second of two equal hours, and one that begins with the first.
  ['2018-11-04T12:00Z', 0, 'DAY', 'America/Sao_Paulo'],
  ['2019-02-16T12:00Z', 0, 'DAY', 'America/Sao_Paulo'],
  ['2026-11-01T12:00Z', 0, 'DAY', 'America/Havana'],
  // A fixed offset.
  ['2026-01-01T18:14Z', 1, 'DAY', '+05:45'],
];

it('Minutes are full ones, by clocks of any zone', () => {
  const [first, last] = [Date.parse('2026-01-01T12:00:30Z'), Date.parse('2026-01-01T12:02:00Z')];
  for (const zone of ['UTC', 'Asia/Kathmandu']) {
    const offsetAt = readTimeZone(zone);
    const found = offsetAt && periodStarts({ first, last }, 'MINUTE', offsetAt, MAX);
    expect(found).toEqual([0, 1, 2, 3].map((minute) => Date.UTC(2026, 0, 1, 12, minute)));
  }
});

it('Periods follow each other without a gap, and are those of Temporal, in zones of all kinds', () => {
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
        for (let at = first; at <= last; at += QUARTER) expected.add(periodStart(at, unit, zone));
        expected.add(periodStart(last, unit, zone));
        expect(found?.slice(0, -1)).toEqual([...expected]);
        const end = found?.at(-1) ?? 0;
        expect(periodStart(end, unit, zone)).toBe(end);
        expect(periodStart(end - 1, unit, zone)).toBe(found?.at(-2));
      },
    ),
    {
      numRuns: propertyRuns(60) + SPANS.length,
      examples: SPANS.map(([first, ...span]) => [Date.parse(first), ...span]),
    },
  );
});

it('So many periods are found, and no more', () => {
  const hours = (last: number) => periodStarts({ first: 0, last }, 'HOUR', () => 0, MAX);
  expect(hours(MAX * 3_600_000 - 1)).toHaveLength(MAX + 1);
  expect(hours(MAX * 3_600_000)).toBeUndefined();
});

it.each(['Mars/Base', '', 'GMT+5', 'Europe', '+25:00', 'UTC '])('%j is no time zone', (name) => {
  expect(readTimeZone(name)).toBeUndefined();
});

it('Times before there were zones have offsets in seconds', () => {
  expect(readTimeZone('Europe/Amsterdam')?.(Date.UTC(1800, 0))).toBe((17 * 60 + 30) * 1000);
});
