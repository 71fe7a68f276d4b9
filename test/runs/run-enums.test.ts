import { describe, expect, it } from 'vitest';
import * as embedded from '../../src/embedded-api/model/enum-values.ts';
import { ACTIVE_STATUSES, enumValues, RUN_ENUMS } from '../../src/runs/run-enums.ts';
import * as model from '../support/run-fields.ts';

/** By the gateway's names: the list of the tests, its values, and those of the embedded API. */
const KNOWN = {
  status: ['RUN_STATUSES', model.RUN_STATUSES, embedded.RUN_STATUSES],
  stop_reason: ['STOP_REASONS', model.STOP_REASONS, embedded.STOP_REASONS],
  message_type: ['MESSAGE_TYPES', model.MESSAGE_TYPES, embedded.MESSAGE_TYPES],
} as const;

describe.each(Object.keys(RUN_ENUMS) as (keyof typeof RUN_ENUMS)[])('The enum %s', (name) => {
  it('has the values that the tests know', () => {
    expect(KNOWN, `${name} is missing in KNOWN of test/runs/run-enums.test.ts`).toHaveProperty(name);
    const [list, values] = KNOWN[name];
    expect(enumValues(name), `${list} of test/support/run-fields.ts`).toEqual(values);
  });
});

it.each(Object.values(KNOWN))('The embedded API has the same %s', (list, values, ofEmbedded) => {
  expect(ofEmbedded, `${list} of src/embedded-api/model/enum-values.ts`).toEqual(values);
});

it('The same statuses are active', () => {
  expect(ACTIVE_STATUSES).toEqual(model.ACTIVE_STATUSES);
  expect(embedded.ACTIVE_STATUSES).toEqual(model.ACTIVE_STATUSES);
});
