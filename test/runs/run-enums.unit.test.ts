import { describe, expect, it } from 'vitest';
import * as embedded from '../../embedded-api/model/enum-values.ts';
import { ACTIVE_STATUSES, enumValues, RUN_ENUMS } from '../../src/runs/run-enums.ts';
import * as model from '../support/run-fields.ts';

/** Values, and what their list is called in `test/support/run-fields.ts`. */
const KNOWN = {
  status: ['RUN_STATUSES', model.RUN_STATUSES],
  stop_reason: ['STOP_REASONS', model.STOP_REASONS],
  step_status: ['STEP_STATUSES', model.STEP_STATUSES],
  feedback: ['FEEDBACK', model.FEEDBACK],
  tool_return_status: ['TOOL_RETURN_STATUSES', model.TOOL_RETURN_STATUSES],
  reasoning_source: ['REASONING_SOURCES', model.REASONING_SOURCES],
  hidden_reasoning_state: ['HIDDEN_REASONING_STATES', model.HIDDEN_REASONING_STATES],
  message_type: ['MESSAGE_TYPES', model.MESSAGE_TYPES],
} as const;

describe.each(Object.keys(RUN_ENUMS) as (keyof typeof RUN_ENUMS)[])('The enum %s', (name) => {
  it('has the values that the tests know', () => {
    expect(KNOWN, `${name} is missing in KNOWN of test/runs/run-enums.unit.test.ts`).toHaveProperty(name);
    const [list, values] = KNOWN[name];
    expect(enumValues(name), `${list} of test/support/run-fields.ts`).toEqual(values);
  });
});

// The others are texts to the embedded API.
it.each([
  ['RUN_STATUSES', embedded.RUN_STATUSES, model.RUN_STATUSES],
  ['STOP_REASONS', embedded.STOP_REASONS, model.STOP_REASONS],
  ['MESSAGE_TYPES', embedded.MESSAGE_TYPES, model.MESSAGE_TYPES],
  ['FEEDBACK', embedded.FEEDBACK, model.FEEDBACK],
])('The embedded API has the same %s', (list, ofEmbedded, values) => {
  expect(ofEmbedded, `${list} of embedded-api/model/enum-values.ts`).toEqual(values);
});

it('The same statuses are active', () => {
  expect(ACTIVE_STATUSES).toEqual(model.ACTIVE_STATUSES);
  expect(embedded.ACTIVE_STATUSES).toEqual(model.ACTIVE_STATUSES);
});
