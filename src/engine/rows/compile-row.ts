import {
  type GraphQLEnumType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isNonNullType,
} from 'graphql';
import { rawNameOf } from '../../runs/field.ts';
import type { NamedField } from '../../runs/run-fields.ts';
import type { MergedField, MergedObject } from '../documents/merge-selections.ts';
import { type RowProgram, RowProgramBuilder } from './row-program.ts';
import { ROW_TABLE } from './run-table.ts';
import type { EnumTexts } from './step.ts';

/** Writes a field of the schema from the row alone. */
type WriteField = (
  program: RowProgramBuilder,
  field: MergedField,
  write: (object: MergedObject | undefined) => void,
) => void;

const { types, nested } = ROW_TABLE;

/** The fields that need nothing but the row: no arguments, no context, no request. */
const ROW_FIELDS: ReadonlyMap<string, WriteField> = new Map<string, WriteField>([
  ...ROW_TABLE.fields.flatMap((field) => [
    [`${types.row}.${field.name}`, writeOf(field)] as const,
    ...(field.raw === undefined
      ? []
      : [[`${types.row}.${rawNameOf(field.name)}`, writeAsSent(field.name)] as const]),
  ]),
  ...nested.fields.map((field) => [`${nested.type}.${field.name}`, writeOf(field)] as const),
  ...Object.entries(ROW_TABLE.links).flatMap(([link, fields]) => [
    [`${types.row}.${link}`, writeBelow] as const,
    ...Object.entries(fields).map(([name, from]) => [name, writeAsSent(from)] as const),
  ]),
  [`${types.edge}.cursor`, (program) => program.cursor()],
  [`${types.edge}.node`, writeBelow],
]);

/** Whether an object is a row, or its edge, which is represented by the same row. */
export function isRow({ type: { name } }: MergedObject): boolean {
  return name === types.row || name === types.edge;
}

/** Whether a field is a list of a page whose items are rows. */
export function isRowList({ type }: MergedObject, { name }: MergedField): boolean {
  return type.name === types.page && (name === 'edges' || name === 'nodes');
}

/** Whether the values of a field are rows that came from a list (`comesWithList` in its extensions, or below an edge). */
export function areRowsBelow(parent: MergedObject, field: MergedField, isListed: boolean): boolean {
  if (isRowList(parent, field) || field.field.extensions['comesWithList'] === true) return true;
  return isListed && parent.type.name === types.edge && field.name === 'node';
}

/**
 * Returns the additional cost of a field on a row that did not come from a list, where it needs its own
 * request (`costOutsideLists` in its extensions).
 */
function costOutsideLists({ field: { extensions } }: MergedField, isListed: boolean): number {
  const cost = extensions['costOutsideLists'];
  return !isListed && typeof cost === 'number' ? cost : 0;
}

/**
 * Compiles the selections on an edge or a row to a program that writes it as an object. Returns null
 * if a field needs more than the row.
 *
 * @param isListed whether the rows came from a list
 */
export function compileRow(object: MergedObject, isListed: boolean): RowProgram | null {
  if (!isPlain(object, isListed)) return null;
  const program = new RowProgramBuilder();
  writeObject(program, object, isListed);
  return program.finish();
}

/**
 * Compiles adjacent fields of a row to a program that writes the value of the first field, and then
 * the keys and values of the others.
 */
export function compileFields(
  object: MergedObject,
  fields: readonly MergedField[],
  isListed: boolean,
): RowProgram {
  const program = new RowProgramBuilder();
  writeFields(program, { ...object, fields }, isListed);
  return program.finish();
}

/** Whether a field and all selections below it need nothing but the row. */
export function isPlainField(object: MergedObject, field: MergedField, isListed: boolean): boolean {
  return (
    writeOfField(object, field, isListed) !== undefined &&
    field.objects.every((child) => isPlain(child, isListed))
  );
}

function isPlain(object: MergedObject, isListed: boolean): boolean {
  return object.fields.every((field) => isPlainField(object, field, isListed));
}

function writeObject(program: RowProgramBuilder, object: MergedObject | undefined, isListed: boolean): void {
  const [first] = object?.fields ?? [];
  program.text(first === undefined ? '{' : `{${JSON.stringify(first.key)}:`);
  if (object !== undefined) writeFields(program, object, isListed);
  program.text('}');
}

function writeFields(program: RowProgramBuilder, object: MergedObject, isListed: boolean): void {
  object.fields.forEach((field, index) => {
    if (index > 0) program.text(`,${JSON.stringify(field.key)}:`);
    writeOfField(object, field, isListed)?.(program, field, (child) => writeObject(program, child, isListed));
  });
}

/** Returns how to write a field from its row; undefined for a field that needs its resolver. */
function writeOfField({ type }: MergedObject, field: MergedField, isListed: boolean): WriteField | undefined {
  if (field.name === '__typename') return (program) => program.text(JSON.stringify(type.name));
  return costOutsideLists(field, isListed) > 0 ? undefined : ROW_FIELDS.get(`${type.name}.${field.name}`);
}

/** Writes an object that has its fields from the same row. */
function writeBelow(...[, { objects }, write]: Parameters<WriteField>): void {
  write(objects[0]);
}

function writeAsSent(name: string): WriteField {
  return (program) => program.field('slice', name);
}

function writeOf({ name, kind }: NamedField): WriteField {
  if (kind === 'enum value' || kind === 'enum list') {
    return (program, field) => program.enumField(kind, name, enumTexts(field));
  }
  if (kind === 'config') {
    return (program, { objects: [config] }, write) => program.object(name, () => write(config));
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
