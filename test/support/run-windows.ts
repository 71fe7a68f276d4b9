import * as fc from 'fast-check';
import type { RandomRun } from './random-runs.ts';
import { RUN_STATUSES, STOP_REASONS } from './run-fields.ts';

/** The bounds of a window, as the arguments of `runs`. */
export interface Window {
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly minDurationNs?: number;
  readonly maxDurationNs?: number;
  readonly notStatuses?: readonly string[];
  readonly stopReasons?: readonly string[];
  readonly notStopReasons?: readonly string[];
  readonly metadata?: readonly MetadataCondition[];
}

interface MetadataCondition {
  readonly path: string;
  readonly equals?: unknown;
  readonly exists?: boolean;
}

/** Each argument with its type in GraphQL. */
const BOUNDS: { readonly [Name in keyof Window]-?: string } = {
  notStatuses: '[RunStatus!]',
  stopReasons: '[StopReason!]',
  notStopReasons: '[StopReason!]',
  createdAfter: 'DateTime',
  createdBefore: 'DateTime',
  minDurationNs: 'Nanoseconds',
  maxDurationNs: 'Nanoseconds',
  metadata: '[MetadataFilter!]',
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

type Selected = Lasting & Pick<RandomRun, 'status' | 'stop_reason' | 'metadata'>;

/** Whether a run lies in a window: from `createdAfter` on, before `createdBefore`, durations inclusive. */
export function isWithin(run: Selected, window: Window): boolean {
  const { notStatuses = [], stopReasons, notStopReasons = [], metadata = [] } = window;
  if (notStatuses.includes(run.status.toUpperCase())) return false;
  const reason = run.stop_reason?.toUpperCase() ?? null;
  if (reason !== null && notStopReasons.includes(reason)) return false;
  if (stopReasons !== undefined && (reason === null || !stopReasons.includes(reason))) return false;
  if (metadata.some((condition) => !meets(run.metadata, condition))) return false;
  return isInTimes(run, window);
}

function meets(metadata: unknown, { path, equals, exists }: MetadataCondition): boolean {
  let values = [metadata];
  const escaped = path.replaceAll(/\\[.\\]/g, (pair) => (pair === '\\.' ? '\0' : '\u0001'));
  for (const key of escaped.split('.')) {
    const name = key.replaceAll('\0', '.').replaceAll('\u0001', '\\');
    values = values.flatMap((value) =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? Object.entries(value).flatMap(([own, below]) => (own === name ? [below] : []))
        : [],
    );
  }
  if (exists !== undefined) return exists === values.length > 0;
  return values.some((value) => sorted(value) === sorted(equals));
}

/** JSON with the keys of its objects in order. */
function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join()}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, below]) => `${JSON.stringify(key)}:${sorted(below)}`)
    .toSorted()
    .join()}}`;
}

function isInTimes(run: Lasting, window: Window): boolean {
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

/** A path that leads to some value in metadata, and the value. */
function* pathsIn(value: unknown, path = ''): Generator<readonly [path: string, value: unknown]> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return;
  for (const [key, below] of Object.entries(value)) {
    const name = key.replaceAll('\\', '\\\\').replaceAll('.', '\\.');
    if (name === '') continue;
    const own = path === '' ? name : `${path}.${name}`;
    yield [own, below];
    yield* pathsIn(below, own);
  }
}

function randomConditions(runs: readonly Selected[]): fc.Arbitrary<readonly MetadataCondition[]> {
  const all = runs.flatMap(({ metadata }) => [...pathsIn(metadata)]);
  const known = all.filter(
    ([path, value]) =>
      path.length <= 200 && path.isWellFormed() && JSON.stringify(value).length <= 1000 && isExact(value),
  );
  const place = fc.constantFrom(...known, ['missing.key', null] as const);
  const condition = fc.oneof(
    place.map(([path, equals]) => ({ path, equals })),
    fc.tuple(place, place).map(([[path], [, equals]]) => ({ path, equals })),
    fc.tuple(place, fc.boolean()).map(([[path], exists]) => ({ path, exists })),
  );
  return fc.array(condition, { minLength: 1, maxLength: 3 });
}

/** Whether a value keeps its digits as a variable. */
function isExact(value: unknown): boolean {
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return value === null || typeof value !== 'object' || Object.values(value).every(isExact);
}

/** Statuses and stop reasons, and metadata as in some runs. */
function randomConditionsOf(runs: readonly Selected[]): fc.Arbitrary<Window> {
  const some = (values: readonly string[]): fc.Arbitrary<string[]> =>
    fc.subarray(
      values.map((value) => value.toUpperCase()),
      { minLength: 1 },
    );
  return fc.record(
    {
      notStatuses: some(RUN_STATUSES),
      stopReasons: some(STOP_REASONS),
      notStopReasons: some(STOP_REASONS),
      metadata: randomConditions(runs),
    },
    { requiredKeys: [] },
  );
}

/** Whether filters and a window can be combined: `stopReason` can't be with `stopReasons`. */
export function areConsistent({ filters, window }: { filters: object; window: Window }): boolean {
  return window.stopReasons === undefined || !('stopReason' in filters);
}

/** Windows with bounds at runs, and right beside them. */
export function randomWindows(runs: readonly Selected[]): fc.Arbitrary<Window> {
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
    { weight: 2, arbitrary: randomConditionsOf(runs) },
    {
      weight: 1,
      arbitrary: fc.tuple(time, times, randomConditionsOf(runs)).map(([a, b, c]) => ({ ...a, ...b, ...c })),
    },
  );
}
