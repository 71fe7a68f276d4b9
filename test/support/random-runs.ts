import * as fc from 'fast-check';
import { type ByKind, CONFIG_FIELDS, type Field, mapFields, RUN_FIELDS, type WireRun } from './run-fields.ts';

/** A run as the embedded API stores it: what the wire shows, and the duration of its metrics. */
export type RandomRun = WireRun & { readonly run_ns: number | null };

export { AGENT_IDS } from './run-fields.ts';

type Value = fc.Arbitrary<unknown>;

const nanoseconds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const instant = fc.integer({ min: 0, max: 9_999_999 }).map(microsecond);
const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
const oneOf = ({ values }: Field): Value => fc.constantFrom(...values);

const VALUES: ByKind<(field: Field) => Value> = {
  id: oneOf,
  text: (field) => (field.values.length > 0 ? oneOf(field) : fc.string({ unit: 'grapheme' })),
  'enum value': oneOf,
  'enum list': ({ values }) => fc.subarray([...values]),
  boolean: () => fc.boolean(),
  created: () => instant,
  instant: () => instant,
  object: () =>
    fc
      .dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 2 }), {
        noNullPrototype: true,
        maxKeys: 3,
      })
      // Through its text: JSON.stringify writes -0 as 0.
      .map((value): unknown => JSON.parse(JSON.stringify(value), (_key, item: unknown) => sendable(item))),
  config: () =>
    fc.record(
      mapFields(CONFIG_FIELDS, (field) =>
        // What has a default of its own can't be stored as null.
        field.fallback !== null ? VALUES[field.kind](field) : orNull(VALUES[field.kind](field)),
      ),
      { requiredKeys: [], noNullPrototype: true },
    ),
  int: () => fc.integer({ min: 100, max: 599 }),
  'whole number': () => nanoseconds,
};

/** Letta can't send whole numbers beyond 64 bits, and JSON.stringify writes numbers below 1e21 as such. */
function sendable(item: unknown): unknown {
  return typeof item === 'number' && Math.abs(item) >= 2 ** 63 && Math.abs(item) < 1e21 ? 0 : item;
}

const { id: _id, created_at: _createdAt, ...OTHER_FIELDS } = RUN_FIELDS;

/** Everything but what places a run in a list. */
const body = fc.record({
  ...mapFields(OTHER_FIELDS, (field: Field) =>
    field.isRequired ? VALUES[field.kind](field) : orNull(VALUES[field.kind](field)),
  ),
  run_ns: orNull(nanoseconds),
}) as fc.Arbitrary<Omit<RandomRun, 'id' | 'created_at'>>;

/**
 * A list of runs with many equal and many neighbouring creation times: each run is created 0 or 1
 * microseconds after another, or up to a quarter of a second. Oldest first, but for ties. The same
 * for the same seed.
 */
export function randomRuns(count: number, seed: number): RandomRun[] {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(0, 1) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 250_000 }) },
  );
  const uuid = fc.uuid({ version: 4 });
  const rows = fc.sample(fc.tuple(step, uuid, body), { numRuns: count, seed });
  let micros = 0;
  return rows.map(([gap, id, rest]) => {
    micros += gap;
    return { id: `run-${id}`, created_at: microsecond(micros), ...rest };
  });
}

/** The instant so many microseconds into a certain day, as the wire writes it. */
function microsecond(micros: number): string {
  const whole = new Date(Date.UTC(2025, 2, 30) + Math.floor(micros / 1_000_000) * 1000)
    .toISOString()
    .slice(0, 19);
  const fraction = micros % 1_000_000;
  return fraction === 0 ? `${whole}Z` : `${whole}.${String(fraction).padStart(6, '0')}Z`;
}
