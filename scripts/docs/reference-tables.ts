import type { GraphQLArgument } from 'graphql';
import { ERROR_CODES } from '../../src/errors/error-codes.ts';
import { METRIC_NAMES, METRICS, nameOf } from '../../src/observability/metric-table.ts';
import { ANSWER_FAILURES, CANCEL_FAILURES } from '../../src/runs/change-failures.ts';
import { RUN_FILTERS } from '../../src/runs/run-filters.ts';
import { LISTED_FILTERS } from '../../src/runs/run-list.ts';
import { schema } from '../../src/schema/index.ts';
import { code, markdownTable } from './markdown.ts';

/** Returns the table of error codes. */
export function errorCodes(): string {
  return markdownTable(Object.entries(ERROR_CODES), {
    code: ([name]) => code(name),
    when: ([, { description }]) => description,
    '`retryable`': ([, { retryable }]) => String(retryable),
  });
}

/** Returns the table of the codes of failures to cancel a run. */
export const cancelFailures = (): string => failureTable(CANCEL_FAILURES);
export const answerFailures = (): string => failureTable(ANSWER_FAILURES);

function failureTable(failures: Readonly<Record<string, string>>): string {
  return markdownTable(Object.entries(failures), {
    code: ([name]) => code(name),
    when: ([, description]) => description,
  });
}

/** Returns the table of all metrics of a gateway. */
export function metrics(): string {
  return markdownTable(METRIC_NAMES, {
    metric: (name) => code(nameOf(name)),
    kind: (name) => METRICS[name].kind,
    labels: (name) => METRICS[name].labels.map(code).join(', '),
    'what it shows': (name) => METRICS[name].help,
  });
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
  return markdownTable(schema.getQueryType()?.getFields()['runs']?.args ?? [], {
    argument: ({ name, deprecationReason }) =>
      code(name) + (deprecationReason == null ? '' : ' (deprecated)'),
    REST: parameterOf,
    // The first sentence; the schema has the rest.
    'what it does': ({ description }) =>
      description?.split(/(?<=\.) (?=[A-Z])/)[0]?.replace(/ \(REST: .*?\)/, '') ?? '',
  });
}

function parameterOf({ name }: GraphQLArgument): string {
  const filters: Readonly<Record<string, { readonly parameter: string }>> = LISTED_FILTERS;
  const parameter = code(filters[name]?.parameter) || OTHER_PARAMETERS[name];
  if (parameter !== undefined) return parameter;
  if (name in RUN_FILTERS) return 'none';
  throw new Error(`${name}: add its REST parameter to OTHER_PARAMETERS in scripts/docs/reference-tables.ts`);
}
