import {
  assertEnumType,
  assertInterfaceType,
  assertObjectType,
  type GraphQLFieldMap,
  getNamedType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import {
  APPROVAL_FIELDS,
  IMAGE_SOURCE_FIELDS,
  MESSAGE_FIELDS,
  MESSAGE_KINDS,
  type MessageField,
  TOOL_CALL_FIELDS,
  TOOL_RETURN_FIELDS,
} from '../../../src/runs/message-kinds.ts';
import { enumValues } from '../../../src/runs/run-enums.ts';
import { schema } from '../../../src/schema/index.ts';

/** What the schema may make of a field of each kind; `Enum` stands for the type of its enum. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  text: ['String', 'ID'],
  instant: ['DateTime'],
  boolean: ['Boolean', 'Boolean!'],
  object: ['JSON'],
  'enum value': ['Enum', 'Enum!'],
  'text list': ['[String!]'],
  parts: ['[RunMessagePart!]!'],
  'tool calls': ['[RunToolCall!]!'],
  'tool returns': ['[RunToolReturn!]!'],
  approvals: ['[RunApproval!]!'],
  'approved returns': ['[RunToolReturn!]!'],
};

const fieldsOf = (type: string): GraphQLFieldMap<unknown, unknown> =>
  assertObjectType(schema.getType(type)).getFields();

const TABLES: readonly (readonly [type: string, table: Readonly<Record<string, MessageField>>])[] = [
  ...Object.values(MESSAGE_KINDS).map(
    ({ type, fields }) => [type, { ...MESSAGE_FIELDS, ...fields }] as const,
  ),
  ['RunUnrecognizedMessage', MESSAGE_FIELDS],
  ['RunToolCall', TOOL_CALL_FIELDS],
  ['RunToolReturn', TOOL_RETURN_FIELDS],
  ['RunApproval', APPROVAL_FIELDS],
  ['RunImagePart', IMAGE_SOURCE_FIELDS],
];

describe.each(TABLES)('%s', (type, table) => {
  it.each(Object.entries(table))('has %s, with a type that fits its kind', (name, { kind, enum: values }) => {
    const field = fieldsOf(type)[name];
    expect(field, `${type}.${name} is missing in src/schema`).toBeDefined();
    if (field === undefined) return;
    const shape = values === undefined ? String(field.type) : String(field.type).replace(/\w+/, 'Enum');
    expect(TYPES[kind], `${type}.${name} is ${String(field.type)}`).toContain(shape);
    if (values === undefined) return;
    const names: readonly string[] = enumValues(values);
    const shown = assertEnumType(getNamedType(field.type)).getValues();
    expect(shown.map((value) => value.name)).toEqual([
      ...names.map((each) => each.toUpperCase()),
      'UNRECOGNIZED',
    ]);
  });
});

describe('The interface of messages', () => {
  const types = schema.getPossibleTypes(assertInterfaceType(schema.getType('RunMessage')));

  it('has a type for each kind of message, and one for those that are not recognized', () => {
    const known = Object.values(MESSAGE_KINDS).map(({ type }) => type);
    expect(types.map(({ name }) => name).toSorted()).toEqual([...known, 'RunUnrecognizedMessage'].toSorted());
  });

  it('has the types of all that have parts of content behind RunContentMessage', () => {
    const content = schema.getPossibleTypes(assertInterfaceType(schema.getType('RunContentMessage')));
    const withParts = types.filter(({ name }) => 'parts' in fieldsOf(name));
    expect(content).toEqual(withParts);
  });
});
