import { pythonChoices, pythonString, pythonValue } from '../wire/python-repr.ts';
import { Refusal } from './refusal.ts';
import { jsonReply } from './reply.ts';

/** One error about one query parameter, worded as Pydantic does. */
interface ParameterError {
  readonly type: string;
  readonly name: string;
  readonly msg: string;
  readonly input: string;
  readonly ctx?: Readonly<Record<string, string | number>>;
}

/** How one query parameter is read, as FastAPI with Pydantic's lax mode does. */
export interface Parameter<T> {
  /** Undefined when the parameter is absent, and when it is refused: then its error is added to `errors`. */
  readonly read: (query: URLSearchParams, name: string, errors: ParameterError[]) => T | undefined;
}

type Values<Parameters> = {
  readonly [K in keyof Parameters]: Parameters[K] extends Parameter<infer T> ? T | undefined : never;
};

/**
 * Reads the parameters in the order of the table, which is the order of the errors.
 * @throws Refusal (422) with all errors at once.
 */
export function readParameters<Table extends Readonly<Record<string, Parameter<unknown>>>>(
  text: string,
  table: Table,
): Values<Table> {
  const query = new URLSearchParams(text);
  const errors: ParameterError[] = [];
  const entries = Object.entries(table).map(([name, { read }]) => [name, read(query, name, errors)]);
  if (errors.length > 0) {
    throw new Refusal(jsonReply(422, JSON.stringify({ trace_id: '', detail: errorDetail(errors) })));
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript can't correlate name and value.
  return Object.fromEntries(entries) as Values<Table>;
}

/** A scalar that is sent twice counts with its last value. */
const scalar = (query: URLSearchParams, name: string): string | undefined => query.getAll(name).at(-1);

export const text: Parameter<string> = { read: scalar };

/** Only repeated keys make a list; there is no comma form and no `name[]`. */
export const texts: Parameter<readonly string[]> = {
  read: (query, name) => (query.has(name) ? query.getAll(name) : undefined),
};

const TRUE = new Set(['1', 'on', 't', 'true', 'y', 'yes']);
const FALSE = new Set(['0', 'off', 'f', 'false', 'n', 'no']);

export const bool: Parameter<boolean> = {
  read(query, name, errors) {
    const input = scalar(query, name);
    if (input === undefined) return undefined;
    const lower = input.toLowerCase();
    if (TRUE.has(lower) || FALSE.has(lower)) return TRUE.has(lower);
    const msg = 'Input should be a valid boolean, unable to interpret input';
    errors.push({ type: 'bool_parsing', name, msg, input });
    return undefined;
  },
};

/** `1.0`, `1_0`, `+1` and ` 1` are whole numbers to Pydantic, `1.5` and `1__0` are not. */
const INTEGER = /^([+-]?\d+(?:_\d+)*)(?:\.0+)?$/;

export function int({ ge, le }: { ge: number; le: number }): Parameter<number> {
  return {
    read(query, name, errors) {
      const input = scalar(query, name);
      if (input === undefined) return undefined;
      const digits = INTEGER.exec(input.trim())?.[1];
      const value = Number(digits?.replaceAll('_', ''));
      if (digits === undefined) {
        const msg = 'Input should be a valid integer, unable to parse string as an integer';
        errors.push({ type: 'int_parsing', name, msg, input });
      } else if (value < ge) {
        const msg = `Input should be greater than or equal to ${ge}`;
        errors.push({ type: 'greater_than_equal', name, msg, input, ctx: { ge } });
      } else if (value > le) {
        const msg = `Input should be less than or equal to ${le}`;
        errors.push({ type: 'less_than_equal', name, msg, input, ctx: { le } });
      } else {
        return value;
      }
      return undefined;
    },
  };
}

/** `type` is how the route declares the values, as a `Literal` or an `Enum`; only the error differs. */
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

/** The `detail` of a 422: a Python list of dicts in one string, not JSON. */
function errorDetail(errors: readonly ParameterError[]): string {
  const dicts = errors.map(({ type, name, msg, input, ctx }) => {
    const head = `{'type': ${pythonString(type)}, 'loc': ('query', ${pythonString(name)})`;
    const context = ctx === undefined ? '' : `, 'ctx': ${pythonValue(ctx)}`;
    return `${head}, 'msg': ${pythonString(msg)}, 'input': ${pythonString(input)}${context}}`;
  });
  return `[${dicts.join(', ')}]`;
}
