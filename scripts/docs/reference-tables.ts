import type { GraphQLArgument } from 'graphql';
import { ERROR_CODES } from '../../src/errors/error-codes.ts';
import { METRIC_NAMES, METRICS, nameOf } from '../../src/observability/metric-table.ts';
import { ANSWER_FAILURES, CANCEL_FAILURES } from '../../src/runs/change-failures.ts';
import { RUN_FILTERS } from '../../src/runs/run-list.ts';
import { RUN_BOUNDS } from '../../src/runs/run-window.ts';
import { schema } from '../../src/schema/index.ts';
import { markdownTable } from './markdown.ts';

/** Returns the table of error codes. */
export function errorCodes(): string {
  const rows = Object.entries(ERROR_CODES).map(([code, { description, retryable }]) => [
    `\`${code}\``,
    description,
    String(retryable),
  ]);
  return markdownTable(['code', 'when', '`retryable`'], rows);
}

/** Returns the table of the codes of failures to cancel a run. */
export const cancelFailures = (): string => failureTable(CANCEL_FAILURES);
export const answerFailures = (): string => failureTable(ANSWER_FAILURES);

function failureTable(failures: Readonly<Record<string, string>>): string {
  const rows = Object.entries(failures).map(([code, description]) => [`\`${code}\``, description]);
  return markdownTable(['code', 'when'], rows);
}

/** Returns the table of all metrics of a gateway. */
export function metrics(): string {
  const rows = METRIC_NAMES.map((metric) => {
    const { kind, help, labels } = METRICS[metric];
    return [`\`${nameOf(metric)}\``, kind, labels.map((label) => `\`${label}\``).join(', '), help];
  });
  return markdownTable(['metric', 'kind', 'labels', 'what it shows'], rows);
}

/** The REST parameters of the arguments that are not filters. */
const OTHER_PARAMETERS: Readonly<Record<string, string>> = {
  first: '`limit`',
  last: '`limit`',
  after: '`before` or `after`, depending on the [server](#servers)',
  before: '`after` or `before`, depending on the [server](#servers)',
  stopReasons: '`stop_reason` for one',
  order: '`order`',
  orderBy: '`order_by`; never sent, since it is the default',
  ascending: '`order`',
};

/** Returns the table of the arguments of `runs` with their REST parameters. */
export function listArguments(): string {
  const args = schema.getQueryType()?.getFields()['runs']?.args ?? [];
  return markdownTable(
    ['argument', 'REST', 'what it does'],
    args.map((argument) => [
      `\`${argument.name}\`${argument.deprecationReason == null ? '' : ' (deprecated)'}`,
      parameterOf(argument),
      // The first sentence; the schema has the rest.
      (argument.description ?? '').split(/(?<=\.) (?=[A-Z])/)[0]?.replace(/ \(REST: .*?\)/, '') ?? '',
    ]),
  );
}

function parameterOf({ name }: GraphQLArgument): string {
  const filters: Readonly<Record<string, { readonly parameter: string }>> = RUN_FILTERS;
  const filter = filters[name];
  const other = OTHER_PARAMETERS[name];
  if (filter !== undefined) return `\`${filter.parameter}\``;
  if (other === undefined && name in RUN_BOUNDS) return 'none';
  if (other === undefined)
    throw new Error(
      `${name}: add its REST parameter to OTHER_PARAMETERS in scripts/docs/reference-tables.ts`,
    );
  return other;
}
