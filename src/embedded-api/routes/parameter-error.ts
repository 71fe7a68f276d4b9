import type { PythonValue } from '../wire/python-json.ts';
import { pythonBytes, pythonRepr, pythonString } from '../wire/python-repr.ts';

/** A value that was sent; a body that isn't JSON is bytes. */
export type Input = PythonValue | Uint8Array;

/** A validation error in Pydantic's words. */
export interface RequestProblem {
  readonly type: string;
  /** The part of the request, then names and indexes. */
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly input: Input;
  readonly ctx?: Readonly<Record<string, string | bigint>>;
}

/** A validation error of a parameter. */
export interface ParameterError extends Omit<RequestProblem, 'loc'> {
  /** Where the parameter stands. @default 'query' */
  readonly place?: 'path';
  readonly name: string;
  /** The index in a list. */
  readonly at?: number;
  readonly input: string;
}

export function problemOf({ place, name, at, ...error }: ParameterError): RequestProblem {
  return { ...error, loc: [place ?? 'query', name, ...(at === undefined ? [] : [at])] };
}

/** Formats the `detail` of a 422: the repr of a Python list of dicts in a string, not JSON. */
export function errorDetail(problems: readonly RequestProblem[]): string {
  const dicts = problems.map(({ type, loc, msg, input, ctx }) => {
    const head = `{'type': ${pythonString(type)}, 'loc': ${tuple(loc)}`;
    const context = ctx === undefined ? '' : `, 'ctx': ${pythonRepr(new Map(Object.entries(ctx)))}`;
    return `${head}, 'msg': ${pythonString(msg)}, 'input': ${inputRepr(input)}${context}}`;
  });
  return `[${dicts.join(', ')}]`;
}

function tuple(items: readonly (string | number)[]): string {
  const reprs = items.map((item) => (typeof item === 'string' ? pythonString(item) : String(item)));
  return `(${reprs.join(', ')}${reprs.length === 1 ? ',' : ''})`;
}

function inputRepr(input: Input): string {
  return input instanceof Uint8Array ? pythonBytes(input) : pythonRepr(input);
}
