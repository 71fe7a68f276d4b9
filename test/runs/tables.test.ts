import { describe, expect, it } from 'vitest';
import { ACTIVE_STATUSES, enumValues, type RUN_ENUMS } from '../../src/runs/run-enums.ts';
import { REQUEST_CONFIG_FIELD_LIST, RUN_FIELD_LIST } from '../../src/runs/run-fields.ts';
import { mismatchedFilters, RUN_FILTERS, type RunFilterName } from '../../src/runs/run-filters.ts';
import { decodeRun } from '../../src/upstream/letta/decode/decode-runs.ts';
import * as observed from '../support/run-fields.ts';

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

type Row = Readonly<Record<string, unknown>>;

describe('A filter', () => {
  const ROW = { id: 'run-1', agent_id: 'agent-1', created_at: '2025-01-01T00:00:00Z' };
  const FILTERS: Readonly<
    Record<RunFilterName, readonly [parameter: string, value: unknown, match: Row, ...others: Row[]]>
  > = {
    statuses: ['statuses', ['failed', 'completed'], { status: 'completed' }, { status: 'running' }, {}],
    active: ['active', true, { status: 'created' }, { status: 'completed' }, { status: 'new' }, {}],
    stopReason: ['stop_reason', 'error', { stop_reason: 'error' }, { stop_reason: 'end_turn' }, {}],
    agentId: ['agent_id', 'agent-2', { agent_id: 'agent-2' }, {}],
    agentIds: ['agent_ids', ['agent-2', 'agent-3'], { agent_id: 'agent-3' }, {}],
    conversationId: [
      'conversation_id',
      'conv-1',
      { conversation_id: 'conv-1' },
      { conversation_id: 'c' },
      {},
    ],
    background: ['background', false, { background: false }, { background: true }, {}],
  };

  it.each(Object.entries(FILTERS))(
    '%s is matched by the rows that it is for',
    (name, [parameter, ...rest]) => {
      const [value, match, ...others] = rest;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- A key of the table.
      expect(RUN_FILTERS[name as RunFilterName].parameter).toBe(parameter);
      const mismatch = (rows: readonly Row[]) =>
        mismatchedFilters(
          rows.map((row) => decodeRun({ ...ROW, ...row })),
          { [name]: value },
        );
      expect(mismatch([match, match])).toEqual([]);
      for (const other of others) expect(mismatch([match, other])).toEqual([name]);
    },
  );
});
