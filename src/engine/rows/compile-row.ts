import type { MergedField, MergedObject } from '../documents/merge-selections.ts';
import { writeOfField } from './row-fields.ts';
import { type RowProgram, RowProgramBuilder } from './row-program.ts';

/**
 * Compiles the selections on an edge or a run to a program that writes it as an object. Returns null
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
 * Compiles adjacent fields of a run to a program that writes the value of the first field, and then
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
