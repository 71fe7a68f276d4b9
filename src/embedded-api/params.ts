import { pythonChoices, pythonString, pythonValue } from './python-repr.ts';

/** One complaint about one query parameter, as Pydantic words it. */
export interface ParameterError {
  readonly type: string;
  readonly name: string;
  readonly msg: string;
  readonly input: string;
  readonly ctx?: Readonly<Record<string, string | number>>;
}

const TRUE = new Set(['1', 'on', 't', 'true', 'y', 'yes']);
const FALSE = new Set(['0', 'off', 'f', 'false', 'n', 'no']);
/** `1.0`, `1_0`, `+1` and ` 1` are whole numbers to Pydantic, `1.5` and `1__0` are not. */
const INTEGER = /^([+-]?\d+(?:_\d+)*)(?:\.0+)?$/;

/**
 * Reads query parameters as FastAPI with Pydantic's lax mode does. Call the methods in the order in which the
 * route declares its parameters: `errors` collects the complaints of all of them in that order. A method whose
 * value was refused returns its fallback. A scalar sent twice counts with its last value.
 */
export class QueryReader {
  readonly errors: ParameterError[] = [];
  readonly #query: URLSearchParams;

  constructor(query: URLSearchParams) {
    this.#query = query;
  }

  text(name: string): string | undefined {
    return this.#query.getAll(name).at(-1);
  }

  /** Only repeated keys make a list; there is no comma form and no `name[]`. */
  texts(name: string): string[] | undefined {
    return this.#query.has(name) ? this.#query.getAll(name) : undefined;
  }

  bool<T>(name: string, fallback: T): boolean | T {
    const input = this.text(name);
    if (input === undefined) return fallback;
    const word = input.toLowerCase();
    if (TRUE.has(word) || FALSE.has(word)) return TRUE.has(word);
    const msg = 'Input should be a valid boolean, unable to interpret input';
    return this.#refuse({ type: 'bool_parsing', name, msg, input }, fallback);
  }

  int(name: string, fallback: number, { ge, le }: { ge: number; le: number }): number {
    const input = this.text(name);
    if (input === undefined) return fallback;
    const digits = INTEGER.exec(input.trim())?.[1];
    if (digits === undefined) {
      const msg = 'Input should be a valid integer, unable to parse string as an integer';
      return this.#refuse({ type: 'int_parsing', name, msg, input }, fallback);
    }
    const value = Number(digits.replaceAll('_', ''));
    if (value < ge) {
      const msg = `Input should be greater than or equal to ${ge}`;
      return this.#refuse({ type: 'greater_than_equal', name, msg, input, ctx: { ge } }, fallback);
    }
    if (value > le) {
      const msg = `Input should be less than or equal to ${le}`;
      return this.#refuse({ type: 'less_than_equal', name, msg, input, ctx: { le } }, fallback);
    }
    return value;
  }

  /** `kind` is how the route declares the values, as a `Literal` or an `Enum`; only the error differs. */
  choice<T extends string, F>(
    kind: 'literal_error' | 'enum',
    name: string,
    values: readonly T[],
    fallback: F,
  ): T | F {
    const input = this.text(name);
    if (input === undefined) return fallback;
    const value = values.find((candidate) => candidate === input);
    if (value !== undefined) return value;
    const expected = pythonChoices(values);
    const msg = `Input should be ${expected}`;
    return this.#refuse({ type: kind, name, msg, input, ctx: { expected } }, fallback);
  }

  #refuse<F>(error: ParameterError, fallback: F): F {
    this.errors.push(error);
    return fallback;
  }
}

/** The `detail` of a 422: a Python list of dicts in one string, not JSON. */
export function errorDetail(errors: readonly ParameterError[]): string {
  const dicts = errors.map(({ type, name, msg, input, ctx }) => {
    const head = `{'type': ${pythonString(type)}, 'loc': ('query', ${pythonString(name)})`;
    const context = ctx === undefined ? '' : `, 'ctx': ${pythonValue(ctx)}`;
    return `${head}, 'msg': ${pythonString(msg)}, 'input': ${pythonString(input)}${context}}`;
  });
  return `[${dicts.join(', ')}]`;
}
