import { isDeepStrictEqual } from 'node:util';

type Row = Readonly<Record<string, unknown>>;

const ENUMS = new Set(['status', 'stopReason']);
const INSTANTS = new Set(['createdAt', 'completedAt']);
const ZONE = /Z$|[+-]\d\d:\d\d$/;

/**
 * The rows of an answer in one form, whatever server made it: names in camelCase, the REST spelling
 * of enum values, instants to the millisecond (generated schemas know no more), whole numbers that
 * came as texts as numbers. Cursors are left out: each server has its own.
 */
export function normalRows(answer: unknown): readonly Row[] {
  return listOf(answer).map((row) => normal(row));
}

/** @throws Error that names the first field that differs. */
export function assertEqualRows(name: string, actual: readonly Row[], expected: readonly Row[]): void {
  if (actual.length !== expected.length) {
    throw new Error(`${name}: ${actual.length} rows, expected ${expected.length}`);
  }
  for (const [index, row] of expected.entries()) {
    for (const [field, value] of Object.entries(row)) {
      const other = actual[index]?.[field];
      if (isDeepStrictEqual(other, value)) continue;
      throw new Error(
        `${name}: row ${index}: ${field} is ${JSON.stringify(other)}, expected ${JSON.stringify(value)}`,
      );
    }
  }
}

function listOf(answer: unknown): readonly Row[] {
  if (!isRow(answer)) throw new Error('not an answer');
  const { data, errors } = answer;
  if (errors !== undefined) throw new Error(`errors: ${JSON.stringify(errors).slice(0, 500)}`);
  if (!isRow(data)) throw new Error('an answer without data');
  const { runs, list_runs: list } = data;
  if (Array.isArray(list)) return list.filter(isRow);
  if (!isRow(runs) || !Array.isArray(runs['edges'])) throw new Error('an answer without runs');
  return runs['edges'].map((edge: unknown) => (isRow(edge) ? edge['node'] : undefined)).filter(isRow);
}

function normal(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => {
      const name = key.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
      return [name, normalValue(name, value)];
    }),
  );
}

function normalValue(name: string, value: unknown): unknown {
  if (name === 'metadata') return value;
  if (isRow(value)) return normal(value);
  if (typeof value !== 'string') return value;
  if (ENUMS.has(name)) return value.toLowerCase();
  if (INSTANTS.has(name)) return new Date(ZONE.test(value) ? value : `${value}Z`).toISOString();
  return name.endsWith('Ns') ? Number(value) : value;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
