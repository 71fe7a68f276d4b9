import type { PythonValue } from './python-json.ts';
import { pythonChoices, pythonRepr, pythonType } from './python-repr.ts';
import { RowError } from './row-error.ts';

export interface RowProblem {
  readonly path: string;
  readonly type: string;
  readonly msg: string;
  readonly input: PythonValue;
}

/** The release of Pydantic that the links in its messages name. */
const PYDANTIC = '2.11';

/** Letta 0.16.7 validates the rows that it reads; an invalid row makes the whole request a 400 in Pydantic's words. */
export function validationError(problems: readonly RowProblem[], model: string): RowError {
  const heading = `${problems.length} validation error${problems.length === 1 ? '' : 's'} for ${model}`;
  return new RowError('validate', [heading, ...problems.map(entry)].join('\n'));
}

export function notAmong(
  values: readonly string[],
  path: string,
  input: PythonValue,
  type: 'enum' | 'literal_error' = 'enum',
): RowProblem {
  return { path, type, msg: `Input should be ${pythonChoices(values)}`, input };
}

/** The types in Pydantic's words that a value can lack. */
const EXPECTED = {
  bool_type: 'boolean',
  string_type: 'string',
  list_type: 'list',
  dict_type: 'dictionary',
  model_attributes_type: 'dictionary or object to extract fields from',
} as const;

export function notOfType(type: keyof typeof EXPECTED, path: string, input: PythonValue): RowProblem {
  return { path, type, msg: `Input should be a valid ${EXPECTED[type]}`, input };
}

function entry({ path, type, msg, input }: RowProblem): string {
  const value = shortened(pythonRepr(input));
  return (
    `${path}\n  ${msg} [type=${type}, input_value=${value}, input_type=${pythonType(input)}]\n` +
    `    For further information visit https://errors.pydantic.dev/${PYDANTIC}/v/${type}`
  );
}

/** Keeps at most 25 bytes at the beginning and 24 at the end, in whole characters. */
function shortened(repr: string): string {
  const bytes = Buffer.from(repr, 'utf8');
  if (bytes.length <= 50) return repr;
  const isInside = (at: number): boolean => ((bytes[at] ?? 0) & 0xc0) === 0x80;
  let head = 25;
  while (isInside(head)) head -= 1;
  let tail = bytes.length - 24;
  while (isInside(tail)) tail += 1;
  return `${bytes.toString('utf8', 0, head)}...${bytes.toString('utf8', tail)}`;
}
