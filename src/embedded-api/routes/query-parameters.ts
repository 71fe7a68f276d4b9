import { laxBoolean } from '../wire/lax-boolean.ts';
import { pythonChoices, pythonRepr, pythonString } from '../wire/python-repr.ts';
import { UUID4 } from './actor.ts';
import { HttpError } from './http-error.ts';
import { jsonReply } from './reply.ts';

/** A validation error of a parameter in Pydantic's words. */
interface ParameterError {
  readonly type: string;
  /** @default 'query' */
  readonly in?: 'path';
  readonly name: string;
  /** The index in a list. */
  readonly at?: number;
  readonly msg: string;
  readonly input: string;
  readonly ctx?: Readonly<Record<string, string | bigint>>;
}

/** A query parameter, parsed like FastAPI with Pydantic's lax mode. */
export interface Parameter<T> {
  /** Returns undefined if the parameter is absent or invalid; adds an error to `errors` if it is invalid. */
  readonly read: (query: URLSearchParams, name: string, errors: ParameterError[]) => T | undefined;
}

type Values<Parameters> = {
  readonly [K in keyof Parameters]: Parameters[K] extends Parameter<infer T> ? T | undefined : never;
};

/** An id in a path that FastAPI checks. */
interface PathId {
  readonly name: string;
  readonly prefix: 'agent';
  readonly id: string;
}

/**
 * Parses the parameters in the order of the table, which is also the order of errors; one of the path comes first.
 * @throws HttpError (422) with all errors at once.
 */
export function readParameters<Table extends Readonly<Record<string, Parameter<unknown>>>>(
  text: string,
  table: Table,
  pathId?: PathId,
): Values<Table> {
  const query = new URLSearchParams(text);
  const errors: ParameterError[] = [];
  const examples = pathId && checkPathId(pathId, errors);
  const entries = Object.entries(table).map(([name, { read }]) => [name, read(query, name, errors)]);
  if (errors.length > 0) {
    throw new HttpError(
      jsonReply(422, JSON.stringify({ trace_id: '', detail: errorDetail(errors), examples })),
    );
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript can't correlate name and value.
  return Object.fromEntries(entries) as Values<Table>;
}

/** Returns examples if the id is malformed, and adds an error. Unlike Python's, this pattern admits no line break. */
function checkPathId({ name, prefix, id }: PathId, errors: ParameterError[]): readonly string[] | undefined {
  const pattern = `^${prefix}-${UUID4}$`;
  if (new RegExp(pattern).test(id)) return undefined;
  const msg = `String should match pattern '${prefix}-{uuid4}'`;
  errors.push({ type: 'string_pattern_mismatch', in: 'path', name, msg, input: id, ctx: { pattern } });
  return [`${prefix}-123e4567-e89b-42d3-8456-426614174000`];
}

/** Of a repeated scalar the last value wins. */
const scalar = (query: URLSearchParams, name: string): string | undefined => query.getAll(name).at(-1);

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

/** @param bounds inclusive; none by default */
export function int({ ge, le }: { ge?: number; le?: number } = {}): Parameter<number> {
  return {
    read(query, name, errors) {
      const input = scalar(query, name);
      if (input === undefined) return undefined;
      const digits = INTEGER.exec(input.trim())?.[1];
      const value = Number(digits?.replaceAll('_', ''));
      if (digits === undefined) {
        const msg = 'Input should be a valid integer, unable to parse string as an integer';
        errors.push({ type: 'int_parsing', name, msg, input });
      } else if (ge !== undefined && value < ge) {
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

/** Formats the `detail` of a 422: the repr of a Python list of dicts in a string, not JSON. */
function errorDetail(errors: readonly ParameterError[]): string {
  const dicts = errors.map(({ type, in: place = 'query', name, at, msg, input, ctx }) => {
    const loc = [pythonString(place), pythonString(name), ...(at === undefined ? [] : [at])].join(', ');
    const head = `{'type': ${pythonString(type)}, 'loc': (${loc})`;
    const context = ctx === undefined ? '' : `, 'ctx': ${pythonRepr(new Map(Object.entries(ctx)))}`;
    return `${head}, 'msg': ${pythonString(msg)}, 'input': ${pythonString(input)}${context}}`;
  });
  return `[${dicts.join(', ')}]`;
}
