import { type GraphQLOutputType, getNamedType, isEnumType, isNonNullType } from 'graphql';
import { rawNameOf } from '../../runs/field.ts';
import { memoize } from '../../runs/memoize.ts';
import { OUTCOMES } from '../../runs/outcomes.ts';
import { UNRECOGNIZED } from '../../runs/run-enums.ts';
import { type NamedField, REQUEST_CONFIG_FIELD_LIST, RUN_FIELD_LIST } from '../../runs/run-fields.ts';
import type { MergedField, MergedObject } from '../documents/merge-selections.ts';
import { type EnumTexts, type RowProgram, RowProgramBuilder } from './row-program.ts';

// Only runs are copied: clients select rows of other lists less often, so these go through their resolvers.

/** Writes a field of the schema from the row alone. */
type WriteField = (
  program: RowProgramBuilder,
  field: MergedField,
  write: (object: MergedObject | undefined) => void,
) => unknown;

/** The fields that need nothing but the row: no arguments, no context, no request. */
const ROW_FIELDS: ReadonlyMap<string, WriteField> = new Map<string, WriteField>([
  ...RUN_FIELD_LIST.map((field) => [`Run.${field.name}`, writeOf(field)] as const),
  ...RUN_FIELD_LIST.filter(({ raw }) => raw !== undefined).map(
    ({ name }) => [`Run.${rawNameOf(name)}`, writeAsSent(name)] as const,
  ),
  ...REQUEST_CONFIG_FIELD_LIST.map((field) => [`RunRequestConfig.${field.name}`, writeOf(field)] as const),
  ['Run.outcome', writeOutcome],
  ['Run.agent', writeBelow],
  ['Agent.id', writeAsSent('agentId')],
  ['RunEdge.node', writeBelow],
  ['RunEdge.cursor', (program) => program.step('cursor', null)],
]);

/** Whether an object is a row, or its edge, which is represented by the same row. */
export function isRow({ type: { name } }: MergedObject): boolean {
  return name === 'Run' || name === 'RunEdge';
}

/** Whether a field is a list of a page whose items are rows. */
export function isRowList({ type }: MergedObject, { name }: MergedField): boolean {
  return type.name === 'RunConnection' && (name === 'edges' || name === 'nodes');
}

/** Whether the values of a field are rows that came from a list (`comesWithList` in its extensions), or their edges. */
export function areRowsBelow(parent: MergedObject, field: MergedField): boolean {
  return isRowList(parent, field) || field.field.extensions['comesWithList'] === true;
}

/** Whether a field and all selections below it need nothing but the row. */
export function isPlainField(object: MergedObject, field: MergedField, isListed: boolean): boolean {
  return (
    findWrite(object, field, isListed) !== undefined &&
    field.objects.every((child) => isPlainObject(child, isListed))
  );
}

/**
 * Compiles the selections on an edge or a row of a list to a program that writes it as an object. Returns null
 * if a field needs more than the row.
 */
export function compileRow(object: MergedObject): RowProgram | null {
  if (!isPlainObject(object, true)) return null;
  const program = new RowProgramBuilder();
  writeObject(program, object, true);
  return program.build();
}

/**
 * Compiles adjacent fields of a row to a program that writes the value of the first field, and then
 * the keys and values of the others.
 */
export function compileFields(row: MergedObject, isListed: boolean): RowProgram {
  const program = new RowProgramBuilder();
  writeFields(program, row, isListed);
  return program.build();
}

function isPlainObject(object: MergedObject, isListed: boolean): boolean {
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
    const write = findWrite(object, field, isListed);
    write?.(program, field, (child) => writeObject(program, child, isListed));
  });
}

/** Returns how to write a field from its row; undefined for a field that needs its resolver. */
function findWrite(
  { type }: MergedObject,
  { name, field }: MergedField,
  isListed: boolean,
): WriteField | undefined {
  if (name === '__typename') return (program) => program.text(JSON.stringify(type.name));
  const needsRequest = !isListed && field.extensions['requestOutsideLists'] !== undefined;
  return needsRequest ? undefined : ROW_FIELDS.get(`${type.name}.${name}`);
}

/** Writes an object that has its fields from the same row. */
function writeBelow(...[, { objects }, write]: Parameters<WriteField>): void {
  write(objects[0]);
}

function writeAsSent(name: string): WriteField {
  return (program) => program.step('slice', name);
}

function writeOf({ name, kind }: NamedField): WriteField {
  if (kind === 'enum value' || kind === 'enum list') {
    return (program, { field }) => program.step(kind, name, textsOfEnum(field.type));
  }
  if (kind === 'config') {
    return (program, { objects: [config] }, write) => program.object(name, () => write(config));
  }
  const opcode = kind === 'created' || kind === 'instant' ? 'instant' : 'slice';
  return (program) => program.step(opcode, name);
}

const OUTCOMES_OF_STATUS = outcomeTexts(OUTCOMES.status, UNRECOGNIZED);
const OUTCOMES_OF_STOP_REASON = outcomeTexts(OUTCOMES.stopReason, OUTCOMES.noStopReason);

/** The outcome follows from the status or, where that has none, from the stop reason. */
function writeOutcome(program: RowProgramBuilder): void {
  program.step('enum or next', 'status', OUTCOMES_OF_STATUS);
  program.step('enum value', 'stopReason', OUTCOMES_OF_STOP_REASON);
}

/** The names of outcomes in the schema; empty where a status has none. */
function outcomeTexts(outcomes: Readonly<Record<string, string | null>>, ofNull: string): EnumTexts {
  const values = Object.entries(outcomes).map(
    ([value, name]) => [value, name === null ? '' : JSON.stringify(name.toUpperCase())] as const,
  );
  return { values, ofNull: JSON.stringify(ofNull.toUpperCase()), ofOthers: JSON.stringify(UNRECOGNIZED) };
}

/** Returns the GraphQL names of the values on the wire. Enums have one more value, for values that are unknown here. */
const textsOfEnum = memoize((type: GraphQLOutputType): EnumTexts => {
  const named = getNamedType(type);
  const values = isEnumType(named) ? named.getValues() : [];
  const [others] = values.filter(({ name, value }) => name === value);
  if (others === undefined) throw new Error(`${named.name} has no value for unknown ones`);
  const ofOthers = JSON.stringify(others.name);
  return {
    values: values.map(({ value, name }) => [String(value), JSON.stringify(name)] as const),
    ofNull: isNonNullType(type) ? ofOthers : 'null',
    ofOthers,
  };
});
