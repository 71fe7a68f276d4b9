import {
  type GraphQLEnumType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isNonNullType,
} from 'graphql';
import type { MergedField, MergedObject } from '../documents/merge-selections.ts';
import { type EnumTexts, type RowProgram, RowProgramBuilder } from './row-program.ts';
import type { RowField, RowTable } from './table.ts';

/** Knows which selections need nothing but a row, and compiles them. */
export interface RowCompiler {
  /** Whether an object is a row, or its edge, which is represented by the same row. */
  readonly isRow: (object: MergedObject) => boolean;
  /** Whether a field is a list of a page whose items are rows. */
  readonly isRowList: (parent: MergedObject, field: MergedField) => boolean;
  /** Whether the values of a field are rows that came from a list (`comesWithList` in its extensions, or below an edge). */
  readonly areRowsBelow: (parent: MergedObject, field: MergedField, isListed: boolean) => boolean;
  /** Whether a field and all selections below it need nothing but the row. */
  readonly isPlainField: (object: MergedObject, field: MergedField, isListed: boolean) => boolean;
  /**
   * Compiles the selections on an edge or a row of a list to a program that writes it as an object. Returns null
   * if a field needs more than the row.
   */
  readonly compileRow: (object: MergedObject) => RowProgram | null;
  /**
   * Compiles adjacent fields of a row to a program that writes the value of the first field, and then
   * the keys and values of the others.
   */
  readonly compileFields: (
    object: MergedObject,
    fields: readonly MergedField[],
    isListed: boolean,
  ) => RowProgram;
}

/** Writes a field of the schema from the row alone. */
type WriteField = (
  program: RowProgramBuilder,
  field: MergedField,
  write: (object: MergedObject | undefined) => void,
) => void;

export function createRowCompiler({ types, fields, nested, links }: RowTable): RowCompiler {
  /** The fields that need nothing but the row: no arguments, no context, no request. */
  const rowFields: ReadonlyMap<string, WriteField> = new Map<string, WriteField>([
    ...fields.flatMap((field) => [
      [`${types.row}.${field.name}`, writeOf(field)] as const,
      ...(field.rawName === undefined
        ? []
        : [[`${types.row}.${field.rawName}`, writeAsSent(field.name)] as const]),
    ]),
    ...nested.fields.map((field) => [`${nested.type}.${field.name}`, writeOf(field)] as const),
    ...Object.entries(links).flatMap(([link, linked]) => [
      [`${types.row}.${link}`, writeBelow] as const,
      ...Object.entries(linked).map(([name, from]) => [name, writeAsSent(from)] as const),
    ]),
    [`${types.edge}.cursor`, (program) => program.cursor()],
    [`${types.edge}.node`, writeBelow],
  ]);

  const isRow: RowCompiler['isRow'] = ({ type: { name } }) => name === types.row || name === types.edge;

  const isRowList: RowCompiler['isRowList'] = ({ type }, { name }) =>
    type.name === types.page && (name === 'edges' || name === 'nodes');

  const areRowsBelow: RowCompiler['areRowsBelow'] = (parent, field, isListed) => {
    if (isRowList(parent, field) || field.field.extensions['comesWithList'] === true) return true;
    return isListed && parent.type.name === types.edge && field.name === 'node';
  };

  /** Returns how to write a field from its row; undefined for a field that needs its resolver. */
  const writeOfField = (
    { type }: MergedObject,
    { name, field }: MergedField,
    isListed: boolean,
  ): WriteField | undefined => {
    if (name === '__typename') return (program) => program.text(JSON.stringify(type.name));
    const needsRequest = !isListed && field.extensions['costOutsideLists'] !== undefined;
    return needsRequest ? undefined : rowFields.get(`${type.name}.${name}`);
  };

  /** Prices ask for it with every request. A field is always below a list, or never. */
  const plainFields = new WeakMap<MergedField, boolean>();

  const isPlainField: RowCompiler['isPlainField'] = (object, field, isListed) => {
    const isPlainOne =
      plainFields.get(field) ??
      (writeOfField(object, field, isListed) !== undefined &&
        field.objects.every((child) => isPlain(child, isListed)));
    plainFields.set(field, isPlainOne);
    return isPlainOne;
  };

  const isPlain = (object: MergedObject, isListed: boolean): boolean =>
    object.fields.every((field) => isPlainField(object, field, isListed));

  const writeFields = (program: RowProgramBuilder, object: MergedObject, isListed: boolean): void => {
    object.fields.forEach((field, index) => {
      if (index > 0) program.text(`,${JSON.stringify(field.key)}:`);
      writeOfField(object, field, isListed)?.(program, field, (child) =>
        writeObject(program, child, isListed),
      );
    });
  };

  const writeObject = (
    program: RowProgramBuilder,
    object: MergedObject | undefined,
    isListed: boolean,
  ): void => {
    const [first] = object?.fields ?? [];
    program.text(first === undefined ? '{' : `{${JSON.stringify(first.key)}:`);
    if (object !== undefined) writeFields(program, object, isListed);
    program.text('}');
  };

  return {
    isRow,
    isRowList,
    areRowsBelow,
    isPlainField,
    compileRow(object) {
      if (!isPlain(object, true)) return null;
      const program = new RowProgramBuilder();
      writeObject(program, object, true);
      return program.finish();
    },
    compileFields(object, adjacent, isListed) {
      const program = new RowProgramBuilder();
      writeFields(program, { ...object, fields: adjacent }, isListed);
      return program.finish();
    },
  };
}

/** Writes an object that has its fields from the same row. */
function writeBelow(...[, { objects }, write]: Parameters<WriteField>): void {
  write(objects[0]);
}

function writeAsSent(name: string): WriteField {
  return (program) => program.field('slice', name);
}

function writeOf({ name, kind }: RowField): WriteField {
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
