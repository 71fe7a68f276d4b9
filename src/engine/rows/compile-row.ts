import {
  type GraphQLEnumType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isNonNullType,
} from 'graphql';
import type { MergedField, MergedObject } from '../documents/merge-selections.ts';
import { type EnumTexts, type RowProgram, RowProgramBuilder } from './row-program.ts';
import type { RowField, RowTable } from './row-table.ts';

/** Writes a field of the schema from the row alone. */
type WriteField = (
  program: RowProgramBuilder,
  field: MergedField,
  write: (object: MergedObject | undefined) => void,
) => unknown;

/** Knows which selections need nothing but a row, and compiles them. */
export class RowCompiler {
  readonly #types: RowTable['types'];
  /** The fields that need nothing but the row: no arguments, no context, no request. */
  readonly #rowFields: ReadonlyMap<string, WriteField>;
  /** A cache, since every price asks. A field is always below a list, or never. */
  readonly #plainFields = new WeakMap<MergedField, boolean>();

  constructor({ types, fields, nested, derived, links }: RowTable) {
    this.#types = types;
    this.#rowFields = new Map<string, WriteField>([
      ...fields.map((field) => [`${types.row}.${field.name}`, writeOf(field)] as const),
      ...fields.map(({ name, rawName }) => [`${types.row}.${rawName}`, writeAsSent(name)] as const),
      ...nested.fields.map((field) => [`${nested.type}.${field.name}`, writeOf(field)] as const),
      ...Object.entries(derived).map(([name, from]) => [`${types.row}.${name}`, writeEither(from)] as const),
      ...Object.entries(links).flatMap(([link, linked]) => [
        [`${types.row}.${link}`, writeBelow] as const,
        ...Object.entries(linked).map(([name, from]) => [name, writeAsSent(from)] as const),
      ]),
      [`${types.edge}.cursor`, (program) => program.step('cursor', null)],
      [`${types.edge}.node`, writeBelow],
    ]);
  }

  /** Whether an object is a row, or its edge, which is represented by the same row. */
  isRow({ type: { name } }: MergedObject): boolean {
    return name === this.#types.row || name === this.#types.edge;
  }

  /** Whether a field is a list of a page whose items are rows. */
  isRowList({ type }: MergedObject, { name }: MergedField): boolean {
    return type.name === this.#types.page && (name === 'edges' || name === 'nodes');
  }

  /** Whether the values of a field are rows that came from a list (`comesWithList` in its extensions, or below an edge). */
  areRowsBelow(parent: MergedObject, field: MergedField, isListed: boolean): boolean {
    if (this.isRowList(parent, field) || field.field.extensions['comesWithList'] === true) return true;
    return isListed && parent.type.name === this.#types.edge && field.name === 'node';
  }

  /** Whether a field and all selections below it need nothing but the row. */
  isPlainField(object: MergedObject, field: MergedField, isListed: boolean): boolean {
    const isPlain =
      this.#plainFields.get(field) ??
      (this.#writeOf(object, field, isListed) !== undefined &&
        field.objects.every((child) => this.#isPlain(child, isListed)));
    this.#plainFields.set(field, isPlain);
    return isPlain;
  }

  /**
   * Compiles the selections on an edge or a row of a list to a program that writes it as an object. Returns null
   * if a field needs more than the row.
   */
  compileRow(object: MergedObject): RowProgram | null {
    if (!this.#isPlain(object, true)) return null;
    const program = new RowProgramBuilder();
    this.#writeObject(program, object, true);
    return program.build();
  }

  /**
   * Compiles adjacent fields of a row to a program that writes the value of the first field, and then
   * the keys and values of the others.
   */
  compileFields(object: MergedObject, fields: readonly MergedField[], isListed: boolean): RowProgram {
    const program = new RowProgramBuilder();
    this.#writeFields(program, { ...object, fields }, isListed);
    return program.build();
  }

  #isPlain(object: MergedObject, isListed: boolean): boolean {
    return object.fields.every((field) => this.isPlainField(object, field, isListed));
  }

  #writeObject(program: RowProgramBuilder, object: MergedObject | undefined, isListed: boolean): void {
    const [first] = object?.fields ?? [];
    program.text(first === undefined ? '{' : `{${JSON.stringify(first.key)}:`);
    if (object !== undefined) this.#writeFields(program, object, isListed);
    program.text('}');
  }

  #writeFields(program: RowProgramBuilder, object: MergedObject, isListed: boolean): void {
    object.fields.forEach((field, index) => {
      if (index > 0) program.text(`,${JSON.stringify(field.key)}:`);
      const write = this.#writeOf(object, field, isListed);
      write?.(program, field, (child) => this.#writeObject(program, child, isListed));
    });
  }

  /** Returns how to write a field from its row; undefined for a field that needs its resolver. */
  #writeOf({ type }: MergedObject, { name, field }: MergedField, isListed: boolean): WriteField | undefined {
    if (name === '__typename') return (program) => program.text(JSON.stringify(type.name));
    const needsRequest = !isListed && field.extensions['costOutsideLists'] !== undefined;
    return needsRequest ? undefined : this.#rowFields.get(`${type.name}.${name}`);
  }
}

/** Writes an object that has its fields from the same row. */
function writeBelow(...[, { objects }, write]: Parameters<WriteField>): void {
  write(objects[0]);
}

function writeAsSent(name: string): WriteField {
  return (program) => program.step('slice', name);
}

function writeOf({ name, kind }: RowField): WriteField {
  if (kind === 'enum value' || kind === 'enum list') {
    return (program, field) => program.step(kind, name, enumTexts(field));
  }
  if (kind === 'config') {
    return (program, { objects: [config] }, write) => program.object(name, () => write(config));
  }
  const opcode = kind === 'created' || kind === 'instant' ? 'instant' : 'slice';
  return (program) => program.step(opcode, name);
}

/** Writes the text of the first field's value or, if it is empty, that of the second. */
function writeEither([first, second]: RowTable['derived'][string]): WriteField {
  return (program) => {
    program.step('enum or next', ...first);
    program.step('enum value', ...second);
  };
}

const enumTextsByType = new WeakMap<GraphQLOutputType, EnumTexts>();

/** Returns the GraphQL names of the values on the wire. */
function enumTexts({ field: { type, name } }: MergedField): EnumTexts {
  const values = enumTextsByType.get(type);
  if (values !== undefined) return values;
  const named = getNamedType(type);
  if (!isEnumType(named)) throw new Error(`${name} is not an enum`);
  const ofOthers = JSON.stringify(nameOfOthers(named));
  const texts = {
    values: named.getValues().map(({ value, name: text }) => [String(value), JSON.stringify(text)] as const),
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
