import * as fc from 'fast-check';
import type { RandomRun } from './random-runs.ts';

/** The bounds of a window, as the arguments of `runs`. */
export interface Window {
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly minDurationNs?: number;
  readonly maxDurationNs?: number;
}

/** Each argument with its type in GraphQL. */
const BOUNDS: { readonly [Name in keyof Window]-?: string } = {
  createdAfter: 'DateTime',
  createdBefore: 'DateTime',
  minDurationNs: 'Nanoseconds',
  maxDurationNs: 'Nanoseconds',
};

export const BOUND_NAMES = Object.keys(BOUNDS);

/** For the head of an operation, and for its field. */
export const BOUND_VARIABLES = Object.entries(BOUNDS)
  .map(([name, type]) => `$${name}: ${type}`)
  .join(', ');
export const BOUND_ARGUMENTS = BOUND_NAMES.map((name) => `${name}: $${name}`).join(', ');

type Lasting = Pick<RandomRun, 'created_at' | 'run_ns' | 'total_duration_ns'>;

/** What a list shows as the duration: that of the metrics, or else the run's own. */
export function durationOf({ run_ns, total_duration_ns }: Lasting): number | null {
  return run_ns ?? total_duration_ns;
}

/** Nanoseconds since 1970, with all digits. */
export function nanosOf(text: string): bigint {
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  const seconds = BigInt(Date.parse(text.replace(/\.\d+/, ''))) / 1000n;
  return seconds * 1_000_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9));
}

/** Whether a run lies in a window: from `createdAfter` on, before `createdBefore`, durations inclusive. */
export function isWithin(run: Lasting, window: Window): boolean {
  const { createdAfter, createdBefore, minDurationNs, maxDurationNs } = window;
  const created = nanosOf(run.created_at);
  if (createdAfter !== undefined && created < nanosOf(createdAfter)) return false;
  if (createdBefore !== undefined && created >= nanosOf(createdBefore)) return false;
  const duration = durationOf(run);
  if (minDurationNs !== undefined && (duration === null || duration < minDurationNs)) return false;
  return maxDurationNs === undefined || (duration !== null && duration <= maxDurationNs);
}

/** An instant as a client may write it: so many nanoseconds from another one, in some zone. */
function written(base: string, nanos: number, zone: string): string {
  const at = nanosOf(base) + BigInt(nanos);
  const rest = ((at % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const offset =
    zone === 'Z' ? 0 : Number(`${zone[0]}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)));
  const local = Number((at - rest) / 1_000_000n) + offset * 60_000;
  const fraction = String(rest).padStart(9, '0').replace(/0+$/, '');
  return `${new Date(local).toISOString().slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}${zone}`;
}

/** Windows with bounds at runs, and right beside them. */
export function randomWindows(runs: readonly Lasting[]): fc.Arbitrary<Window> {
  const created = runs.map(({ created_at }) => created_at);
  const durations = runs.map(durationOf).filter((duration) => duration !== null);
  const instant = fc
    .record({
      base: fc.constantFrom(...(created.length === 0 ? ['2025-03-30T00:00:00Z'] : created)),
      nanos: fc.constantFrom(0, 0, 1, -1, 1000, -1000, 60_000_000_000),
      zone: fc.constantFrom('Z', 'Z', '+05:30', '-03:30'),
    })
    .map(({ base, nanos, zone }) => written(base, nanos, zone));
  const duration = fc
    .record({
      base: fc.constantFrom(...(durations.length === 0 ? [0] : durations)),
      nanos: fc.constantFrom(0, 0, 1, -1),
    })
    .map(({ base, nanos }) => Math.min(Math.max(0, base + nanos), Number.MAX_SAFE_INTEGER));
  const time = fc.record({ createdAfter: instant, createdBefore: instant }, { requiredKeys: [] });
  const times = fc.record({ minDurationNs: duration, maxDurationNs: duration }, { requiredKeys: [] });
  return fc.oneof(
    { weight: 3, arbitrary: time },
    { weight: 1, arbitrary: times },
    { weight: 2, arbitrary: fc.tuple(time, times).map(([a, b]) => ({ ...a, ...b })) },
  );
}
