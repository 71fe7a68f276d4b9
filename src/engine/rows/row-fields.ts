import {
  type GraphQLEnumType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isNonNullType,
} from 'graphql';
import { type NamedField, REQUEST_CONFIG_FIELD_LIST, RUN_FIELD_LIST } from '../../runs/run-fields.ts';
import type { MergedField, MergedObject } from '../documents/merge-selections.ts';
import type { EnumTexts } from './enum-table.ts';
import type { RowProgramBuilder } from './row-program.ts';

/** Writes a field of the schema from the row alone. */
export type WriteField = (program: RowProgramBuilder, field: MergedField, writeObject: WriteObject) => void;
type WriteObject = (object: MergedObject | undefined) => void;

/**
 * The fields that need nothing but the row: no arguments, no context, no request. They are derived from
 * the fields of the wire, except for those listed by hand. Any other field is served by its resolver.
 */
const ROW_FIELDS: ReadonlyMap<string, WriteField> = new Map<string, WriteField>([
  ...RUN_FIELD_LIST.map((field) => [`Run.${field.name}`, writeOf(field)] as const),
  ...REQUEST_CONFIG_FIELD_LIST.map((field) => [`RunRequestConfig.${field.name}`, writeOf(field)] as const),
  ['Run.rawStatus', (program) => program.field('slice', 'status')],
  ['Run.rawStopReason', (program) => program.field('slice', 'stopReason')],
  ['Run.agent', (_program, { objects: [agent] }, writeObject) => writeObject(agent)],
  ['Agent.id', (program) => program.field('slice', 'agentId')],
  ['RunEdge.cursor', (program) => program.cursor()],
  ['RunEdge.node', (_program, { objects: [run] }, writeObject) => writeObject(run)],
]);

/** The lists of a connection whose items are rows. */
const ROW_LISTS: ReadonlySet<string> = new Set(['RunConnection.edges', 'RunConnection.nodes']);

/** Whether an object is a run, or its edge, which is represented by the same row. */
export function isRow({ type: { name } }: MergedObject): boolean {
  return name === 'Run' || name === 'RunEdge';
}

export function isRowList({ type }: MergedObject, { name }: MergedField): boolean {
  return ROW_LISTS.has(`${type.name}.${name}`);
}

/** Whether the values of a field are rows that came from a list. */
export function areRowsBelow(parent: MergedObject, field: MergedField, isListed: boolean): boolean {
  return isRowList(parent, field) || (isListed && parent.type.name === 'RunEdge' && field.name === 'node');
}

/**
 * Returns the additional cost of a field on a row that did not come from a list, where it needs its own
 * request (`costOutsideLists` in its extensions).
 */
export function costOutsideLists({ field: { extensions } }: MergedField, isListed: boolean): number {
  const cost = extensions['costOutsideLists'];
  return !isListed && typeof cost === 'number' ? cost : 0;
}

/** Returns how to write a field from its row; undefined for a field that needs its resolver. */
export function writeOfField(
  { type }: MergedObject,
  field: MergedField,
  isListed: boolean,
): WriteField | undefined {
  if (field.name === '__typename') return (program) => program.text(JSON.stringify(type.name));
  return costOutsideLists(field, isListed) > 0 ? undefined : ROW_FIELDS.get(`${type.name}.${field.name}`);
}

function writeOf({ name, kind }: NamedField): WriteField {
  if (kind === 'enum value' || kind === 'enum list') {
    return (program, field) => program.enumField(kind, name, enumTexts(field));
  }
  if (kind === 'config') {
    return (program, { objects: [config] }, writeObject) => program.object(name, () => writeObject(config));
  }
  const step = kind === 'created' || kind === 'instant' ? 'instant' : 'slice';
  return (program) => program.field(step, name);
}

const enumTextsByType = new WeakMap<GraphQLOutputType, EnumTexts>();

/** Returns the GraphQL names of the values on the wire. */
function enumTexts({ field: { type, name } }: MergedField): EnumTexts {
  const known = enumTextsByType.get(type);
  if (known !== undefined) return known;
  const named = getNamedType(type);
  if (!isEnumType(named)) throw new Error(`${name} is not an enum`);
  const ofOthers = JSON.stringify(nameOfOthers(named));
  const texts = {
    known: named.getValues().map(({ value, name: text }) => [String(value), JSON.stringify(text)] as const),
    ofNull: isNonNullType(type) ? ofOthers : 'null',
    ofOthers,
  };
  enumTextsByType.set(type, texts);
  return texts;
}

/** Enums have one additional value in the schema, for values that are unknown here. */
function nameOfOthers(type: GraphQLEnumType): string {
  const [others] = type.getValues().filter(({ name, value }) => name === value);
  if (others === undefined) throw new Error(`${type.name} has no value for unknown ones`);
  return others.name;
}
