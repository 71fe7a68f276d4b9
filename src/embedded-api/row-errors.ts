import { pythonChoices, pythonValue } from './python-repr.ts';
import type { RunRow } from './stored-run.ts';
import { MESSAGE_TYPES, RUN_STATUSES, STOP_REASONS } from './vocabulary.ts';

/** Letta 0.16.7 validates the rows it reads; one bad row makes the whole request a 400 with this message. */
export class BadRowError extends Error {
  override readonly name = 'BadRowError' as const;
}

interface RowProblem {
  readonly path: string;
  readonly type: string;
  readonly msg: string;
  readonly input: unknown;
}

const ID = /^(?:job|run)-[a-fA-F0-9]{8}/;
const STATUSES: ReadonlySet<string> = new Set(RUN_STATUSES);
const REASONS: ReadonlySet<string> = new Set(STOP_REASONS);
const TYPES: ReadonlySet<unknown> = new Set(MESSAGE_TYPES);

const outside = (path: string, input: unknown, values: readonly string[]): RowProblem => ({
  path,
  type: 'enum',
  msg: `Input should be ${pythonChoices(values)}`,
  input,
});

const notDictionary = (path: string, json: string): RowProblem => ({
  path,
  type: 'dict_type',
  msg: 'Input should be a valid dictionary',
  input: JSON.parse(json),
});

/** @throws BadRowError when Letta's `Run` model would refuse the row. */
export function assertValidRow(row: RunRow): void {
  const sound =
    STATUSES.has(row.status) &&
    (row.stop_reason === null || REASONS.has(row.stop_reason)) &&
    ID.test(row.id) &&
    (row.metadata === null || row.metadata.startsWith('{')) &&
    (row.request_config === null || row.request_config.startsWith('{'));
  if (sound) return;
  const problems: RowProblem[] = [];
  if (!ID.test(row.id)) {
    const msg = "String should match pattern '^(job|run)-[a-fA-F0-9]{8}'";
    problems.push({ path: 'id', type: 'string_pattern_mismatch', msg, input: row.id });
  }
  if (!STATUSES.has(row.status)) problems.push(outside('status', row.status, RUN_STATUSES));
  // Letta reads the column through its ORM name.
  if (row.metadata?.startsWith('{') === false) problems.push(notDictionary('metadata_', row.metadata));
  if (row.request_config?.startsWith('{') === false) {
    problems.push(notDictionary('request_config', row.request_config));
  }
  if (row.stop_reason !== null && !REASONS.has(row.stop_reason)) {
    problems.push(outside('stop_reason', row.stop_reason, STOP_REASONS));
  }
  throw new BadRowError(report(problems));
}

/** @throws BadRowError for a message type that Letta 0.16.7 doesn't know. */
export function assertMessageTypes(types: unknown): void {
  if (!Array.isArray(types)) return;
  const problems = types.flatMap((type: unknown, at) =>
    TYPES.has(type)
      ? []
      : [outside(`request_config.include_return_message_types.${at}`, type, MESSAGE_TYPES)],
  );
  if (problems.length > 0) throw new BadRowError(report(problems));
}

function report(problems: readonly RowProblem[]): string {
  const heading = `${problems.length} validation error${problems.length === 1 ? '' : 's'} for Run`;
  const entries = problems.map(({ path, type, msg, input }) => {
    const value = shortened(pythonValue(input));
    return (
      `${path}\n  ${msg} [type=${type}, input_value=${value}, input_type=${pythonType(input)}]\n` +
      `    For further information visit https://errors.pydantic.dev/2.10/v/${type}`
    );
  });
  return [heading, ...entries].join('\n');
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
