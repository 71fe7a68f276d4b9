import { normalizeTimestamp } from '../store/timestamps.ts';
import { databaseError, invalid, type Problem } from './request-reply.ts';

/** Thrown by the reader of a parameter for an invalid value. */
class Invalid extends Error {
  readonly problem: Pick<Problem, 'type' | 'msg' | 'ctx'>;

  constructor(type: string, expected: string, ctx: Problem['ctx'] = {}) {
    super(expected);
    this.problem = { type, msg: `Input should be ${expected}`, ctx };
  }
}

/** Reads a query parameter: of a repeated scalar the last value wins, lists are repeated keys. @throws Invalid */
export type Parameter<T> = (last: string, all: readonly string[]) => T;

type Table = Readonly<Record<string, Parameter<unknown>>>;

/** The values of the parameters of a table; undefined for those that are absent. */
export type Values<T extends Table> = { readonly [K in keyof T]: ReturnType<T[K]> | undefined };

/** Reads the parameters of a table; others are ignored. @throws HttpError 422 with all that is wrong */
export function readParameters<T extends Table>(query: URLSearchParams, table: T): Values<T> {
  const problems: Problem[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, read] of Object.entries(table)) {
    const all = query.getAll(name);
    const input = all.at(-1);
    if (input === undefined) continue;
    try {
      values[name] = read(input, all);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      problems.push({ ...error.problem, loc: ['query', name], input });
    }
  }
  if (problems.length > 0) throw invalid(problems);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript can't correlate name and value.
  return values as Values<T>;
}

/** @throws HttpError 500 for a text that PostgreSQL can't hold */
export const text: Parameter<string> = (last) => {
  if (last.includes('\0')) throw databaseError();
  return last;
};

export const texts: Parameter<readonly string[]> = (_, all) => all.map((each) => text(each, all));

const FLAGS: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false };

export const bool: Parameter<boolean> = (input) => {
  const flag = FLAGS[input.toLowerCase()];
  if (flag === undefined) throw new Invalid('bool_parsing', 'a valid boolean, unable to interpret input');
  return flag;
};

/** @param bounds inclusive; none by default */
export function int({ ge = -Infinity, le = Infinity } = {}): Parameter<number> {
  return (input) => {
    const value = /^[+-]?\d+$/.test(input) ? Number(input) : undefined;
    if (value === undefined)
      throw new Invalid('int_parsing', 'a valid integer, unable to parse string as an integer');
    if (value < ge) throw new Invalid('greater_than_equal', `greater than or equal to ${ge}`, { ge });
    if (value > le) throw new Invalid('less_than_equal', `less than or equal to ${le}`, { le });
    return value;
  };
}

/** @param type of the error: `literal_error` or `enum`, by how Letta declares it */
export function choice<T extends string>(type: string, options: readonly T[]): Parameter<T> {
  return (input) => {
    const found = options.find((option) => option === input);
    if (found === undefined) throw new Invalid(type, options.map((option) => `'${option}'`).join(' or '));
    return found;
  };
}

/** A time, or a date for its midnight; in stored form. */
export const dateTime: Parameter<string> = (input) => {
  try {
    return normalizeTimestamp(/^\d{4}-\d\d-\d\d$/.test(input) ? `${input}T00:00:00Z` : input);
  } catch {
    throw new Invalid('datetime_from_date_parsing', 'a valid datetime or date');
  }
};

/** Whether an id is a prefix and a lower-case version 4 UUID, as ids in Letta are. */
export function isId(prefix: string, id: string): boolean {
  const uuid4 = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
  return new RegExp(`^${prefix}-${uuid4}$`).test(id);
}

/** Checks an id in a path as Letta's newer routes do. @throws HttpError 422 for a malformed one */
export function requireId(prefix: 'agent' | 'step', input: string): void {
  if (isId(prefix, input)) return;
  const msg = `String should match pattern '${prefix}-{uuid4}'`;
  const problem = { type: 'string_pattern_mismatch', loc: ['path', `${prefix}_id`], msg, input };
  throw invalid([problem], [`${prefix}-123e4567-e89b-42d3-8456-426614174000`]);
}
