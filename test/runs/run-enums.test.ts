import { describe, expect, it } from 'vitest';
import * as embedded from '../../src/embedded-api/model/enum-values.ts';
import { ACTIVE_STATUSES, enumValues, RUN_ENUMS } from '../../src/runs/run-enums.ts';
import * as model from '../support/run-fields.ts';

/** The lists of the tests, by the names of the gateway's enums. */
const LISTS = {
  status: 'RUN_STATUSES',
  stop_reason: 'STOP_REASONS',
  message_type: 'MESSAGE_TYPES',
} as const;

describe.each(Object.keys(RUN_ENUMS) as (keyof typeof RUN_ENUMS)[])('The enum %s', (name) => {
  it('has the values that the tests know', () => {
    expect(LISTS, `${name} is missing in LISTS of test/runs/run-enums.test.ts`).toHaveProperty(name);
    const list = LISTS[name];
    expect(enumValues(name), `${list} of test/support/run-fields.ts`).toEqual(model[list]);
  });
});

it.each([...Object.values(LISTS), 'ACTIVE_STATUSES'] as const)('The embedded API has the same %s', (list) => {
  expect(embedded[list], `${list} of src/embedded-api/model/enum-values.ts`).toEqual(model[list]);
});

it('The same statuses are active', () => {
  expect(ACTIVE_STATUSES).toEqual(model.ACTIVE_STATUSES);
});
