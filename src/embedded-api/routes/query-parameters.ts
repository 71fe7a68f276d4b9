import { laxBoolean } from '../wire/lax-boolean.ts';
import { pythonChoices } from '../wire/python-repr.ts';
import { HttpError } from './http-error.ts';
import { errorDetail, type ParameterError, problemOf, type RequestProblem } from './parameter-error.ts';
import { pathProblems } from './path-parameters.ts';
import { jsonReply, type Reply } from './reply.ts';

/** A query parameter, parsed like FastAPI with Pydantic's lax mode. */
export interface Parameter<T> {
  /** Returns undefined if the parameter is absent or invalid; adds an error to `errors` if it is invalid. */
  readonly read: (query: URLSearchParams, name: string, errors: ParameterError[]) => T | undefined;
}

/** The values of the parameters of a table. */
export type Values<Parameters> = {
  readonly [K in keyof Parameters]: Parameters[K] extends Parameter<infer T> ? T | undefined : never;
};

/**
 * Parses the parameters in the order of the table, which is also the order of errors.
 * @param ids the id in the path, if Letta checks it together with the query, by its name, such as `step_id`
 * @throws HttpError (422) with all errors at once.
 */
export function readParameters<Table extends Readonly<Record<string, Parameter<unknown>>>>(
  text: string,
  table: Table,
  ids: Readonly<Record<string, string>> = {},
): Values<Table> {
  const query = new URLSearchParams(text);
  const { problems, examples } = pathProblems(ids);
  const errors: ParameterError[] = [...problems];
  const entries = Object.entries(table).map(([name, { read }]) => [name, read(query, name, errors)]);
  if (errors.length > 0) throw new HttpError(validationReply(errors.map(problemOf), examples));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript can't correlate name and value.
  return Object.fromEntries(entries) as Values<Table>;
}

/** Returns the 422 with all problems. @param examples valid ids, where malformed ones are among them */
export function validationReply(problems: readonly RequestProblem[], examples?: readonly string[]): Reply {
  return jsonReply(422, JSON.stringify({ trace_id: '', detail: errorDetail(problems), examples }));
}

/** Of a repeated scalar the last value wins. */
export const scalar = (query: URLSearchParams, name: string): string | undefined => query.getAll(name).at(-1);

export const text: Parameter<string> = { read: scalar };

/** Lists are repeated keys; neither commas nor `name[]` are supported. */
export const texts: Parameter<readonly string[]> = {
  read: (query, name) => (query.has(name) ? query.getAll(name) : undefined),
};

export const bool: Parameter<boolean> = {
  read(query, name, errors) {
    const input = scalar(query, name);
    if (input === undefined) return undefined;
    const { boolean, problem } = laxBoolean(input);
    if (problem !== undefined) errors.push({ ...problem, name, input });
    return boolean;
  },
};

/** Pydantic accepts `1.0`, `1_0`, `+1` and ` 1` as integers, but not `1.5` or `1__0`. */
const INTEGER = /^([+-]?\d+(?:_\d+)*)(?:\.0+)?$/;

/** Returns the digits of an integer, maybe with a sign; adds an error if there is none. */
function digitsIn(input: string, name: string, errors: ParameterError[]): string | undefined {
  const digits = INTEGER.exec(input.trim())?.[1]?.replaceAll('_', '');
  if (digits === undefined) {
    const msg = 'Input should be a valid integer, unable to parse string as an integer';
    errors.push({ type: 'int_parsing', name, msg, input });
  }
  return digits;
}

const MAX_INT64 = 2n ** 63n - 1n;

function within64Bits(digits: string | undefined): number {
  const value = Number(digits);
  if (digits === undefined || value < 2 ** 63) return value;
  return BigInt(digits) > MAX_INT64 ? Infinity : value;
}

/** Integers of more than 64 bits are infinite. @param bounds inclusive; none by default */
export function int({ ge, le }: { ge?: number; le?: number } = {}): Parameter<number> {
  return {
    read(query, name, errors) {
      const input = scalar(query, name);
      if (input === undefined) return undefined;
      const digits = digitsIn(input, name, errors);
      const value = within64Bits(digits);
      if (digits === undefined) return undefined;
      if (ge !== undefined && value < ge) {
        const msg = `Input should be greater than or equal to ${ge}`;
        errors.push({ type: 'greater_than_equal', name, msg, input, ctx: { ge: BigInt(ge) } });
      } else if (le !== undefined && value > le) {
        const msg = `Input should be less than or equal to ${le}`;
        errors.push({ type: 'less_than_equal', name, msg, input, ctx: { le: BigInt(le) } });
      } else {
        return value;
      }
      return undefined;
    },
  };
}

/** An integer with all its digits, however many. */
export const exactInt: Parameter<bigint> = {
  read(query, name, errors) {
    const input = scalar(query, name);
    const digits = input === undefined ? undefined : digitsIn(input, name, errors);
    return digits === undefined ? undefined : BigInt(digits.replace(/^\+/, ''));
  },
};

/** @param type whether the route declares a `Literal` or an `Enum`, which only changes the error. */
export function choice<T extends string>(type: 'literal_error' | 'enum', values: readonly T[]): Parameter<T> {
  return {
    read(query, name, errors) {
      const input = scalar(query, name);
      if (input === undefined) return undefined;
      const value = values.find((candidate) => candidate === input);
      if (value !== undefined) return value;
      const expected = pythonChoices(values);
      errors.push({ type, name, msg: `Input should be ${expected}`, input, ctx: { expected } });
      return undefined;
    },
  };
}

/** A list of literals, as repeated keys. */
export function choices<T extends string>(values: readonly T[]): Parameter<readonly T[]> {
  const expected = pythonChoices(values);
  return {
    read(query, name, errors) {
      if (!query.has(name)) return undefined;
      return query.getAll(name).flatMap((input, at) => {
        const value = values.find((candidate) => candidate === input);
        if (value !== undefined) return [value];
        errors.push({
          type: 'literal_error',
          name,
          at,
          msg: `Input should be ${expected}`,
          input,
          ctx: { expected },
        });
        return [];
      });
    },
  };
}
