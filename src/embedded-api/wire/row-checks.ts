import { type FieldDefinition, type FieldTable, type NameIn, namesOf } from '../model/field.ts';
import type { KeptRow } from '../model/row.ts';
import { type PythonValue, readPythonJson } from './python-json.ts';
import { requestConfigProblems } from './request-config.ts';
import { notAmong, notOfType, type RowProblem, validationError } from './validation-error.ts';

/** Returns what is wrong with a value of one column that isn't null. */
type Check = (kept: string) => readonly RowProblem[];

/** Returns the check of a field by Letta's models, if it has one. */
function checkOf(name: string, field: FieldDefinition): Check | undefined {
  const { kind, pattern, values, isLiteral, ormName: path = name } = field;
  if (pattern !== undefined) {
    const regex = new RegExp(pattern);
    const msg = `String should match pattern '${pattern}'`;
    return (kept) => (regex.test(kept) ? [] : [{ path, type: 'string_pattern_mismatch', msg, input: kept }]);
  }
  if (values !== undefined) {
    const known = new Set(values);
    return (kept) =>
      known.has(kept) ? [] : [notAmong(values, path, kept, isLiteral ? 'literal_error' : 'enum')];
  }
  if (kind === 'object') {
    // Most metadata need not be read, only to see that it is an object.
    return (kept) => (kept.startsWith('{') ? [] : dictionaryProblems(path, readPythonJson(kept)));
  }
  if (kind === 'requestConfig') return (kept) => requestConfigProblems(path, readPythonJson(kept));
  if (kind === 'texts') return (kept) => textsProblems(path, readPythonJson(kept));
  return undefined;
}

function dictionaryProblems(path: string, value: PythonValue): RowProblem[] {
  return value === null || value instanceof Map ? [] : [notOfType('dict_type', path, value)];
}

function textsProblems(path: string, value: PythonValue): RowProblem[] {
  if (value === null) return [];
  if (!Array.isArray(value)) return [notOfType('list_type', path, value)];
  return value.flatMap((item: PythonValue, at) =>
    typeof item === 'string' ? [] : [notOfType('string_type', `${path}.${at}`, item)],
  );
}

/**
 * Returns a function that checks the given fields of a row and throws a RowError with all problems.
 * @param model the name of Letta's model of them
 */
export function rowCheck<Fields extends FieldTable>(
  model: string,
  fields: Fields,
  names: readonly NameIn<Fields>[],
): (row: KeptRow<Fields>) => void {
  const checks = namesOf(fields).flatMap((name) => {
    const field: FieldDefinition = fields[name] ?? { kind: 'text' };
    const check = names.includes(name) ? checkOf(name, field) : undefined;
    return check === undefined ? [] : [{ name, check, refusesNull: field.refusesNull }];
  });
  return (row) => {
    const problems = checks.flatMap(({ name, check, refusesNull }) => {
      const kept = row[name];
      if (typeof kept === 'string') return check(kept);
      return refusesNull ? [notOfType('list_type', name, null)] : [];
    });
    if (problems.length > 0) throw validationError(problems, model);
  };
}
