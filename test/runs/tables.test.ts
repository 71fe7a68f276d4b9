import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ACTIVE_STATUSES, enumValues, type RUN_ENUMS } from '../../src/runs/run-enums.ts';
import { REQUEST_CONFIG_FIELD_LIST, RUN_FIELD_LIST } from '../../src/runs/run-fields.ts';
import { mismatchedFilters, RUN_FILTER_NAMES, RUN_FILTERS } from '../../src/runs/run-filters.ts';
import { decodeRun } from '../../src/upstream/letta/decode/decode-runs.ts';
import { randomRuns } from '../support/random-runs.ts';
import { isSelected, randomValue } from '../support/run-arguments.ts';
import * as observed from '../support/run-fields.ts';
import { camelCase } from '../support/run-fields.ts';

/** As Letta 0.16.7 has them. */
const ENUMS: Readonly<Record<keyof typeof RUN_ENUMS, readonly string[]>> = {
  status: observed.RUN_STATUSES,
  stop_reason: observed.STOP_REASONS,
  step_status: observed.STEP_STATUSES,
  feedback: observed.FEEDBACK,
  tool_return_status: observed.TOOL_RETURN_STATUSES,
  reasoning_source: observed.REASONING_SOURCES,
  hidden_reasoning_state: observed.HIDDEN_REASONING_STATES,
  message_type: observed.MESSAGE_TYPES,
};

it.each(Object.entries(ENUMS))('The enum %s has the values that were observed', (name, values) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- A key of the table.
  expect(enumValues(name as keyof typeof RUN_ENUMS)).toEqual(values);
});

it('A run is active by the statuses that were observed', () => {
  expect(ACTIVE_STATUSES).toEqual(observed.ACTIVE_STATUSES);
});

it.each([
  ['a run', RUN_FIELD_LIST, observed.RUN_FIELDS],
  ['its request_config', REQUEST_CONFIG_FIELD_LIST, observed.CONFIG_FIELDS],
])('The fields of %s are those that were observed', (_object, fields, expected) => {
  expect(fields.map(({ wire }) => wire).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
    Object.keys(expected).toSorted((a, b) => (a < b ? -1 : 1)),
  );
  // The scanner marks the fields of an object in 32 bits.
  expect(fields.length).toBeLessThan(32);
});

it.each(RUN_FILTER_NAMES)(
  'The filter %s has its name in REST, and matches the runs that it selects',
  (name) => {
    expect(camelCase(RUN_FILTERS[name].parameter)).toBe(name);
    // Within the gateway, enum values are those of the wire.
    const inWire = (value: unknown): unknown =>
      typeof value === 'string' && /^[A-Z_]+$/.test(value) ? value.toLowerCase() : value;
    const runs = randomRuns(60, 1);
    const cases = fc.tuple(fc.constantFrom(...runs), randomValue(name, runs));
    fc.assert(
      fc.property(cases, ([run, given]) => {
        const value = Array.isArray(given) ? given.map(inWire) : inWire(given);
        // False has no effect.
        const filter = name === 'active' && given === false ? {} : { [name]: value };
        expect(mismatchedFilters([decodeRun(run)], filter)).toEqual(
          isSelected(run, { [name]: given }) ? [] : [name],
        );
      }),
    );
  },
);
