import { pythonRepr, pythonString } from '../wire/python-repr.ts';

/** A validation error of a parameter in Pydantic's words. */
export interface ParameterError {
  readonly type: string;
  /** Where the parameter stands. @default 'query' */
  readonly place?: 'path';
  readonly name: string;
  /** The index in a list. */
  readonly at?: number;
  readonly msg: string;
  readonly input: string;
  readonly ctx?: Readonly<Record<string, string | bigint>>;
}

/** Formats the `detail` of a 422: the repr of a Python list of dicts in a string, not JSON. */
export function errorDetail(errors: readonly ParameterError[]): string {
  const dicts = errors.map(({ type, place = 'query', name, at, msg, input, ctx }) => {
    const loc = [pythonString(place), pythonString(name), ...(at === undefined ? [] : [at])].join(', ');
    const head = `{'type': ${pythonString(type)}, 'loc': (${loc})`;
    const context = ctx === undefined ? '' : `, 'ctx': ${pythonRepr(new Map(Object.entries(ctx)))}`;
    return `${head}, 'msg': ${pythonString(msg)}, 'input': ${pythonString(input)}${context}}`;
  });
  return `[${dicts.join(', ')}]`;
}
