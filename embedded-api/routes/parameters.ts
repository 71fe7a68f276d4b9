import { normalizeTimestamp } from '../model/timestamps.ts';
import { databaseError, invalid, type Problem } from './reply.ts';

/** Thrown by the reader of a parameter for an invalid value. */
class Invalid extends Error {
  readonly problem: Pick<Problem, 'type' | 'msg' | 'ctx'>;

  constructor(type: string, expected: string, ctx?: Problem['ctx']) {
    super(expected);
    this.problem = { type, msg: `Input should be ${expected}`, ...(ctx && { ctx }) };
  }
}

/** Reads a query parameter that is present. @throws Invalid */
export type Parameter<T> = (values: readonly [string, ...string[]]) => T;

/** The values of the parameters of a table; undefined for those that are absent. */
type Values<Table> = {
  readonly [K in keyof Table]: Table[K] extends Parameter<infer T> ? T | undefined : never;
};

/**
 * Reads the parameters of a table; others are ignored.
 * @throws HttpError 422 with all that is wrong, 500 for texts that PostgreSQL can't hold
 */
export function readParameters<Table extends Readonly<Record<string, Parameter<unknown>>>>(
  query: URLSearchParams,
  table: Table,
): Values<Table> {
  const problems: Problem[] = [];
  const entries = Object.entries(table).map(([name, read]): [string, unknown] => {
    const [first, ...others] = query.getAll(name);
    if (first === undefined) return [name, undefined];
    try {
      return [name, read([first, ...others])];
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      problems.push({ ...error.problem, loc: ['query', name], input: others.at(-1) ?? first });
      return [name, undefined];
    }
  });
  if (problems.length > 0) throw invalid(problems);
  if (Object.keys(table).some((name) => query.getAll(name).some((text) => text.includes('\0')))) {
    throw databaseError();
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript can't correlate name and value.
  return Object.fromEntries(entries) as Values<Table>;
}

/** Of a repeated scalar the last value wins. */
export const text: Parameter<string> = (values) => values.at(-1) ?? '';

/** Lists are repeated keys; neither commas nor `name[]` are supported. */
export const texts: Parameter<readonly string[]> = (values) => values;

const FLAGS: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false };

export const bool: Parameter<boolean> = (values) => {
  const flag = FLAGS[text(values).toLowerCase()];
  if (flag === undefined) throw new Invalid('bool_parsing', 'a valid boolean, unable to interpret input');
  return flag;
};

/** @param bounds inclusive; none by default */
export function int({ ge = -Infinity, le = Infinity } = {}): Parameter<number> {
  return (values) => {
    const digits = text(values);
    if (!/^[+-]?\d+$/.test(digits)) {
      throw new Invalid('int_parsing', 'a valid integer, unable to parse string as an integer');
    }
    const value = Number(digits);
    if (value < ge) throw new Invalid('greater_than_equal', `greater than or equal to ${ge}`, { ge });
    if (value > le) throw new Invalid('less_than_equal', `less than or equal to ${le}`, { le });
    return value;
  };
}

/** @param type whether Letta declares a `Literal` or an `Enum`, which only changes the error. */
export function choice<T extends string>(
  type: 'literal_error' | 'enum',
  options: readonly T[],
): Parameter<T> {
  return (values) => {
    const found = options.find((option) => option === text(values));
    if (found === undefined) throw new Invalid(type, options.map((option) => `'${option}'`).join(' or '));
    return found;
  };
}

/** A time, or a date for its midnight; in stored form. */
export const dateTime: Parameter<string> = (values) => {
  const input = text(values);
  try {
    return normalizeTimestamp(/^\d{4}-\d\d-\d\d$/.test(input) ? `${input}T00:00:00Z` : input);
  } catch {
    throw new Invalid('datetime_from_date_parsing', 'a valid datetime or date');
  }
};

export const ORDER = choice('literal_error', ['asc', 'desc']);
export const BY_CREATION = choice('literal_error', ['created_at']);

/** Letta 0.16.7 has no bound for lists other than of runs. @throws HttpError 500 for what PostgreSQL refuses */
export function rowLimit(limit: number): number {
  if (limit < 0) throw databaseError();
  return Math.min(limit, Number.MAX_SAFE_INTEGER);
}

/** Of lower-case version 4 UUIDs, which ids in Letta are made of, with a prefix. */
const UUID4 = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';

export function isId(prefix: string, id: string): boolean {
  return new RegExp(`^${prefix}-${UUID4}$`).test(id);
}

/** Checks an id in a path as Letta's newer routes do. @throws HttpError 422 for a malformed one */
export function requireId(prefix: 'agent' | 'step', input: string): void {
  if (isId(prefix, input)) return;
  const msg = `String should match pattern '${prefix}-{uuid4}'`;
  const problem = { type: 'string_pattern_mismatch', loc: ['path', `${prefix}_id`], msg, input };
  throw invalid([problem], [`${prefix}-123e4567-e89b-42d3-8456-426614174000`]);
}
