import {
  assertEnumType,
  assertObjectType,
  type GraphQLField,
  type GraphQLResolveInfo,
  getNamedType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { AGENT_FIELDS } from '../../src/runs/agent-fields.ts';
import type { FieldKind } from '../../src/runs/field.ts';
import { enumValues } from '../../src/runs/run-enums.ts';
import { REQUEST_CONFIG_FIELD_LIST, RUN_FIELD_LIST } from '../../src/runs/run-fields.ts';
import { RUN_FILTER_NAMES } from '../../src/runs/run-filters.ts';
import { RUN_BOUND_NAMES } from '../../src/runs/run-window.ts';
import { schema } from '../../src/schema/index.ts';
import { RUN_PARTS } from '../../src/upstream/letta/runs-url.ts';
import { AGENT_FIELDS as EXPECTED_AGENT_FIELDS } from '../support/agent-fields.ts';
import { BOUND_NAMES } from '../support/run-windows.ts';

/** What the schema may make of a field of each kind; `Enum` stands for the type of its enum. */
const TYPES: { readonly [Kind in FieldKind]: readonly string[] } = {
  id: ['ID!'],
  created: ['DateTime!'],
  instant: ['DateTime'],
  text: ['String', 'ID'],
  // A status is never null: one that is missing is UNRECOGNIZED.
  'enum value': ['Enum!', 'Enum'],
  'enum list': ['[Enum!]'],
  boolean: ['Boolean'],
  int: ['Int'],
  'whole number': ['Nanoseconds'],
  object: ['JSON'],
  config: ['RunRequestConfig'],
};

/** Fields of `Run` that show the value of another one. */
const DERIVED = ['agent', 'rawStatus', 'rawStopReason'];

function fieldsOf(type: string) {
  return assertObjectType(schema.getType(type)).getFields();
}

describe.each([
  ['Run', RUN_FIELD_LIST],
  ['RunRequestConfig', REQUEST_CONFIG_FIELD_LIST],
] as const)('%s', (type, table) => {
  it.each(table)('$name is exposed, with a type that fits its kind', ({ name, kind, enum: values }) => {
    const field = fieldsOf(type)[name];
    expect(field, `${type}.${name} is missing in src/schema/run.ts`).toBeDefined();
    if (field === undefined) return;
    const shown = String(field.type);
    const shape = values === undefined ? shown : shown.replace(/\w+/, 'Enum');
    expect(TYPES[kind], `${type}.${name} is ${shown}`).toContain(shape);
    if (values === undefined) return;
    const names: readonly string[] = enumValues(values);
    expect(
      assertEnumType(getNamedType(field.type))
        .getValues()
        .map((value) => value.name),
    ).toEqual([...names.map((value) => value.toUpperCase()), 'UNRECOGNIZED']);
  });
});

describe('A list of runs', () => {
  it.each(RUN_FILTER_NAMES)('%s is an argument of runs', (name) => {
    const args = fieldsOf('Query')['runs']?.args.map((argument) => argument.name);
    expect(args, `${name} is missing in src/schema/list-arguments.ts`).toContain(name);
  });

  it.each(RUN_BOUND_NAMES)('%s is an argument of runs, and of those of an agent', (name) => {
    for (const type of ['Query', 'Agent']) {
      const args = fieldsOf(type)['runs']?.args.map((argument) => argument.name);
      expect(args, `${name} is missing in src/schema/list-arguments.ts`).toContain(name);
    }
  });

  it('has a model in the tests for every bound', () => {
    expect(BOUND_NAMES).toEqual(RUN_BOUND_NAMES);
  });

  it('has the same filters below an agent, but for those that choose agents', () => {
    const args = new Set(fieldsOf('Agent')['runs']?.args.map((argument) => argument.name));
    expect(RUN_FILTER_NAMES.filter((name) => !args.has(name))).toEqual(['agentId', 'agentIds']);
  });
});

describe('An agent', () => {
  const { id, runs, ...lookedUp } = fieldsOf('Agent');

  it('has its id, its runs, and the fields that describe it, all of which may be null', () => {
    expect([String(id?.type), String(runs?.type)]).toEqual(['ID!', 'RunConnection']);
    const types = Object.entries(lookedUp).map(([name, { type }]) => [name, String(type)]);
    const expected = Object.entries(EXPECTED_AGENT_FIELDS).map(([name, [, type]]) => [name, type]);
    expect(types).toEqual(expected);
  });

  it.each(Object.keys(AGENT_FIELDS))('%s is exposed', (name) => {
    expect(lookedUp[name], `Agent.${name} is missing in src/schema/agent-fields.ts`).toBeDefined();
  });

  it.each(Object.values(lookedUp))('$name has a price, shared with the others', ({ name, extensions }) => {
    expect(extensions['directives'], `Agent.${name} has no price`).toContainEqual({
      name: 'cost',
      args: { weight: 2 },
    });
    expect(extensions['sharesRequest'], `Agent.${name} does not share the look-up`).toBe('itself');
  });
});

describe('What is asked for one run at a time', () => {
  const fields = Object.values(fieldsOf('Run'));
  const loads = fields.map((field) => [field, partsLoadedBy(field)] as const);

  it.each(Object.keys(RUN_PARTS))('%s is loaded by a field of a run or step', (part) => {
    const ofSteps = Object.values(fieldsOf('RunStep')).flatMap(partsLoadedBy);
    const loaded = [...loads.flatMap(([, parts]) => parts), ...ofSteps];
    expect(loaded, `no field of src/schema/details loads the part "${part}"`).toContain(part);
  });

  it('has a price: @cost, or costOutsideLists if lists have the value', () => {
    const free = loads.filter(([field, parts]) => parts.length > 0 && !hasPrice(field));
    expect(free.map(([{ name }]) => `Run.${name} makes an upstream request that costs nothing`)).toEqual([]);
  });

  it('costs once for all fields of a run that load the same', () => {
    const loading = loads.filter(([, parts]) => parts.length > 0);
    const shared = loading.map(([{ name, extensions }]) => [name, [extensions['sharesRequest']]]);
    expect(shared).toEqual(loading.map(([{ name }, parts]) => [name, parts]));
  });

  it('is what every field loads that no list has', () => {
    const listed = new Set<string>([...RUN_FIELD_LIST.map(({ name }) => name), ...DERIVED]);
    const others = loads.filter(([{ name }, parts]) => !listed.has(name) && parts.length === 0);
    expect(others.map(([{ name }]) => `Run.${name} is in no table`)).toEqual([]);
  });
});

/** The parts that the resolver of a field asks for, of a run that was looked up. */
function partsLoadedBy({ resolve }: GraphQLField<unknown, unknown>): readonly string[] {
  const parts: string[] = [];
  const runParts = {
    load(part: string) {
      parts.push(part);
      const isList = part !== 'metrics';
      return isList ? { read: async () => ({ items: [], isWhole: true }) } : Promise.resolve(null);
    },
  };
  const run = {
    id: 'run-1',
    agentId: 'agent-1',
    status: 'failed',
    stopReason: null,
    isDurationMeasured: false,
  };
  const info = { fieldName: '' } as GraphQLResolveInfo;
  const prices = { currency: 'USD', models: new Map() };
  // What comes of it doesn't matter, nor whether it needs more than this.
  Promise.try(() => resolve?.(run, {}, { runParts, prices, runById: { remember() {} } }, info)).catch(
    () => undefined,
  );
  return parts;
}

function hasPrice({ extensions }: GraphQLField<unknown, unknown>): boolean {
  return 'costOutsideLists' in extensions || JSON.stringify(extensions['directives'] ?? '').includes('cost');
}
