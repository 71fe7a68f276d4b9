import { ACTIVE_STATUSES, RUN_STATUSES, STOP_REASONS } from '../model/enum-values.ts';
import type { FieldName } from '../model/fields.ts';
import type { Filters } from '../store/list-query.ts';
import { pythonString } from '../wire/python-repr.ts';
import { HttpError } from './http-error.ts';
import { bool, choice, int, type Parameter, text, texts } from './query-parameters.ts';
import { errorReply } from './reply.ts';

type ColumnValues = readonly (string | number)[];

/** Selects the runs that have one of the parsed values in the column. */
export interface FilterParameter extends Parameter<ColumnValues> {
  readonly column: FieldName;
  /** Letta converts the values to this enum itself, so an unknown value is a 400, not a 422. */
  readonly pythonEnum: PythonEnum | undefined;
}

interface PythonEnum {
  readonly name: string;
  readonly values: readonly string[];
}

/** @param among returns the values allowed in the column; undefined for no filter. */
export function filter<T>(
  column: FieldName,
  { read }: Parameter<T>,
  among: (value: T) => ColumnValues | undefined,
  pythonEnum?: PythonEnum,
): FilterParameter {
  return {
    column,
    pythonEnum,
    read(...query) {
      const value = read(...query);
      return value === undefined ? undefined : among(value);
    },
  };
}

/**
 * The query parameters of `GET /v1/runs/`, in Letta's order of declaration. If two filters on one column are
 * given, the first one wins. The columns with an index are listed in `store/indexes.ts`.
 */
export const LIST_PARAMETERS = {
  agent_id: filter('agent_id', text, (id) => (id === '' ? undefined : [id])),
  agent_ids: filter('agent_id', texts, (ids) => ids),
  statuses: filter('status', texts, (statuses) => statuses, { name: 'RunStatus', values: RUN_STATUSES }),
  background: filter('background', bool, (background) => [Number(background)]),
  stop_reason: filter('stop_reason', choice('enum', STOP_REASONS), (reason) => [reason]),
  // An empty conversation id is a filter that matches nothing, unlike an empty agent id.
  conversation_id: filter('conversation_id', text, (id) => [id]),
  before: text,
  after: text,
  limit: int({ ge: 1, le: 1000 }),
  order: choice('literal_error', ['asc', 'desc']),
  order_by: choice('literal_error', ['created_at']),
  active: filter('status', bool, (active) => (active ? ACTIVE_STATUSES : undefined)),
  ascending: bool,
};

/**
 * Returns the filters among the values of list parameters.
 * @param table the table that the values were read by
 * @throws HttpError 400 for an unknown enum value, 500 for a value that PostgreSQL can't store.
 */
export function filtersOf(
  params: Readonly<Record<string, unknown>>,
  table: Readonly<Record<string, Parameter<unknown>>> = LIST_PARAMETERS,
): Filters {
  const filters: { [K in FieldName]?: ColumnValues } = {};
  for (const [name, parameter] of Object.entries(table)) {
    if (!isFilter(parameter)) continue;
    const { column, pythonEnum } = parameter;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Returned by `read` of the table.
    const values = params[name] as ColumnValues | undefined;
    if (values === undefined || filters[column] !== undefined) continue;
    const unknown = pythonEnum && values.find((value) => !pythonEnum.values.includes(String(value)));
    if (unknown !== undefined) {
      throw new HttpError(
        errorReply(400, `${pythonString(String(unknown))} is not a valid ${pythonEnum?.name}`),
      );
    }
    filters[column] = values;
  }
  rejectNul(Object.values(filters).flat());
  return filters;
}

function isFilter(parameter: Parameter<unknown>): parameter is FilterParameter {
  return 'column' in parameter;
}

/** PostgreSQL strings can't contain NUL. @throws HttpError (500), as for an error of its driver. */
export function rejectNul(values: readonly (string | number | undefined)[]): void {
  if (values.some((value) => typeof value === 'string' && value.includes('\0'))) {
    throw databaseError();
  }
}

/** What Letta answers whenever PostgreSQL or its driver refuses a statement. */
export function databaseError(): HttpError {
  return new HttpError(errorReply(500, 'A database error occurred.'));
}
