import { pythonChoices, pythonValue } from './python-repr.ts';

export interface RowProblem {
  readonly path: string;
  readonly type: string;
  readonly msg: string;
  readonly input: unknown;
}

/**
 * Letta 0.16.7 validates the rows that it reads; one invalid row makes the whole request a 400 with this message
 * from Pydantic.
 */
export class BadRowError extends Error {
  override readonly name = 'BadRowError' as const;

  constructor(problems: readonly RowProblem[]) {
    const heading = `${problems.length} validation error${problems.length === 1 ? '' : 's'} for Run`;
    super([heading, ...problems.map(entry)].join('\n'));
  }
}

export function notAmong(values: readonly string[], path: string, input: unknown): RowProblem {
  return { path, type: 'enum', msg: `Input should be ${pythonChoices(values)}`, input };
}

function entry({ path, type, msg, input }: RowProblem): string {
  const value = shortened(pythonValue(input));
  return (
    `${path}\n  ${msg} [type=${type}, input_value=${value}, input_type=${pythonType(input)}]\n` +
    `    For further information visit https://errors.pydantic.dev/2.10/v/${type}`
  );
}

function shortened(repr: string): string {
  return repr.length > 50 ? `${repr.slice(0, 25)}...${repr.slice(-24)}` : repr;
}

function pythonType(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  return Number.isInteger(value) ? 'int' : 'float';
}
