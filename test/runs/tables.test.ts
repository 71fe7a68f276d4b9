import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { mismatched } from '../../src/lists/filters.ts';
import {
  METRICS_FIELDS,
  PART_FIELDS,
  STEP_FIELDS,
  IGNORED_STEP_FIELDS,
} from '../../src/runs/detail-fields.ts';
import {
  APPROVAL_FIELDS,
  MESSAGE_FIELDS,
  MESSAGE_KINDS,
  TOOL_CALL_FIELDS,
  TOOL_RETURN_FIELDS,
} from '../../src/runs/message-kinds.ts';
import type { MessageField } from '../../src/runs/messages.ts';
import { enumValues, type RunEnum } from '../../src/runs/run-enums.ts';
import { REQUEST_CONFIG_FIELDS, RUN_FIELDS } from '../../src/runs/run-fields.ts';
import { isSelected as isSelectedBy, RUN_FILTERS } from '../../src/runs/run-filters.ts';
import { LISTED_FILTERS } from '../../src/runs/run-list.ts';
import { decodeRun } from '../../src/upstream/letta/decode/decode-runs.ts';
import { type Schema, schemaOf } from '../contract/recording.ts';
import { randomRuns } from '../support/random-runs.ts';
import { isSelected, randomValue } from '../support/run-arguments.ts';
import { camelCase } from '../support/run-fields.ts';

type Table = Readonly<Record<string, MessageField>>;

/** The kinds that a field of each type of JSON Schema may have; its formats are types here. */
const KINDS: Readonly<Record<string, readonly MessageField['kind'][]>> = {
  string: ['id', 'text', 'enum value', 'parts'],
  'date-time': ['created', 'instant'],
  boolean: ['boolean'],
  integer: ['int', 'whole number', 'long', 'epoch'],
  object: ['object', 'config'],
  array: ['enum list', 'text list', 'parts', 'tool calls', 'tool returns', 'approvals', 'approved returns'],
};

/** A recorded schema and what it refers to, without alternatives. */
function optionsOf(schema: Schema): readonly Schema[] {
  const { $ref, anyOf, oneOf, items } = schema;
  if ($ref !== undefined) return optionsOf(schemaOf($ref.split('/').at(-1) ?? ''));
  return (anyOf ?? oneOf)?.flatMap(optionsOf) ?? [schema, ...(items ? optionsOf(items) : [])];
}

function checkField({ wire, kind, enum: name }: MessageField, schema: Schema): void {
  const options = optionsOf(schema);
  const [type = ''] = options.flatMap((option) =>
    option.type === 'null' ? [] : (option.format ?? option.type ?? []),
  );
  expect(KINDS[type], wire).toContain(kind);
  // What the decoder takes for granted is never null.
  if (kind === 'id' || kind === 'created') expect(options).not.toContainEqual({ type: 'null' });
  const values = options.flatMap((option) => option.enum ?? []);
  expect(name === undefined ? [] : enumValues(name), wire).toEqual(values);
}

it.each<[name: string, table: Table, ignored?: readonly string[]]>([
  ['Run', RUN_FIELDS],
  ['LettaRequestConfig', REQUEST_CONFIG_FIELDS],
  ['Step', STEP_FIELDS, IGNORED_STEP_FIELDS],
  ['RunMetrics', METRICS_FIELDS, PART_FIELDS.metrics.ignored],
  ['ToolCall', TOOL_CALL_FIELDS],
  ['letta__schemas__letta_message__ToolReturn', TOOL_RETURN_FIELDS, ['type']],
  ['ApprovalReturn', APPROVAL_FIELDS, ['type']],
])('The fields of %s are those that were recorded', (name, table, ignored = []) => {
  const { properties = {} } = schemaOf(name);
  const fields = Object.values(table);
  // It is sent, but in no recording.
  const keys = [...fields.map(({ wire }) => wire), ...ignored].filter((key) => key !== 'organization_id');
  expect(new Set(keys)).toEqual(new Set(Object.keys(properties)));
  for (const field of fields) checkField(field, properties[field.wire] ?? {});
});

it('The fields of a run are in the order in which they are sent, and few enough for the scanner', () => {
  for (const [name, table] of Object.entries({
    Run: RUN_FIELDS,
    LettaRequestConfig: REQUEST_CONFIG_FIELDS,
  })) {
    const keys = Object.values(table).map(({ wire }) => wire);
    expect(keys).toEqual(Object.keys(schemaOf(name).properties ?? {}));
    // The scanner marks the fields of an object in 32 bits.
    expect(keys.length).toBeLessThan(32);
  }
});

it('The kinds of messages, and their fields, are those that were recorded', () => {
  expect(Object.keys(MESSAGE_KINDS)).toEqual(schemaOf('MessageType').enum);
  for (const [kind, { fields }] of Object.entries<{ fields: Table }>(MESSAGE_KINDS)) {
    const { properties = {} } = schemaOf(kind);
    for (const field of Object.values({ ...MESSAGE_FIELDS, ...fields })) {
      if (field.wire === 'message_type') expect(properties['message_type']?.const).toBe(kind);
      else checkField(field, properties[field.wire] ?? {});
    }
  }
});

it.each<[RunEnum, string]>([
  ['status', 'RunStatus'],
  ['stop_reason', 'StopReasonType'],
  ['step_status', 'StepStatus'],
])('The values of the enum %s are those that were recorded, in their order', (name, recorded) => {
  expect(enumValues(name)).toEqual(schemaOf(recorded).enum);
});

/** Within the gateway, enum values are those of the wire. */
function inWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inWire);
  return typeof value === 'string' && /^[A-Z_]+$/.test(value) ? value.toLowerCase() : value;
}

it.each(Object.keys(LISTED_FILTERS) as (keyof typeof LISTED_FILTERS)[])(
  'The filter %s has its name in REST, and matches the runs that it selects',
  (name) => {
    expect(camelCase(LISTED_FILTERS[name].parameter)).toBe(name);
    const runs = randomRuns(60, 1);
    fc.assert(
      fc.property(fc.constantFrom(...runs), randomValue(name, runs), (run, given) => {
        // False has no effect.
        const filter = name === 'active' && given === false ? {} : { [name]: inWire(given) };
        const found = mismatched(LISTED_FILTERS, [decodeRun(run)], filter);
        expect(found).toEqual(isSelected(run, { [name]: given }) ? [] : [name]);
      }),
    );
  },
);

const BOUNDS = Object.keys(RUN_FILTERS).filter(
  (name) => !(name in LISTED_FILTERS),
) as (keyof typeof RUN_FILTERS)[];

it.each(BOUNDS)('The bound %s selects what it says, also at its ends', (name) => {
  const { argument }: { argument: { read: (value: never, name: string) => unknown } } = RUN_FILTERS[name];
  // Few, so that bounds often are the very values of a run, whose duration in lists is that of its metrics.
  const runs = randomRuns(6, 3).map((run) => ({ ...run, total_duration_ns: run.run_ns, run_ns: null }));
  fc.assert(
    fc.property(fc.constantFrom(...runs), randomValue(name, runs), (run, given) => {
      const value = argument.read(inWire(given) as never, name);
      expect(isSelectedBy(decodeRun(run), { [name]: value })).toBe(isSelected(run, { [name]: given }));
    }),
    { numRuns: 300 },
  );
});
