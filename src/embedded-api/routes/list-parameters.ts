import { ACTIVE_STATUSES, RUN_STATUSES, STOP_REASONS } from '../model/enum-values.ts';
import type { FieldName } from '../model/fields.ts';
import type { Filters } from '../store/list-query.ts';
import { pythonString } from '../wire/python-repr.ts';
import { bool, choice, int, type Parameter, text, texts } from './query-parameters.ts';
import { Refusal } from './refusal.ts';
import { errorReply } from './reply.ts';

type ColumnValues = readonly (string | number)[];

/** Keeps the runs that have one of the values read in the column. */
interface FilterParameter extends Parameter<ColumnValues> {
  readonly column: FieldName;
  /** Letta makes members of this enum of the values by hand: another value is a 400, not a 422. */
  readonly pythonEnum: PythonEnum | undefined;
}

interface PythonEnum {
  readonly name: string;
  readonly values: readonly string[];
}

/** @param among what may stand in the column; undefined doesn't filter. */
function filter<T>(
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
 * The one list of the query parameters of `GET /v1/runs/`, in Letta's order of declaration. When two filters of
 * one column are given, the first one counts. The columns that have an index are in `store/indexes.ts`.
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

const FILTERS = Object.entries(LIST_PARAMETERS).flatMap(([name, parameter]) =>
  'column' in parameter ? [{ name, ...parameter }] : [],
);

/**
 * The filters among the values of list parameters.
 * @throws Refusal 400 for a value that isn't of its enum, 500 for one that PostgreSQL can't have.
 */
export function filtersOf(params: Readonly<Record<string, unknown>>): Filters {
  const filters: { [K in FieldName]?: ColumnValues } = {};
  for (const { name, column, pythonEnum } of FILTERS) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The table's `read` has made it.
    const values = params[name] as ColumnValues | undefined;
    if (values === undefined || filters[column] !== undefined) continue;
    const unknown = pythonEnum && values.find((value) => !pythonEnum.values.includes(String(value)));
    if (unknown !== undefined) {
      throw new Refusal(
        errorReply(400, `${pythonString(String(unknown))} is not a valid ${pythonEnum?.name}`),
      );
    }
    filters[column] = values;
  }
  refuseNul(Object.values(filters).flat());
  return filters;
}

/** PostgreSQL has no NUL in texts. @throws Refusal (500) as the driver's error comes out. */
export function refuseNul(values: readonly (string | number | undefined)[]): void {
  if (values.some((value) => typeof value === 'string' && value.includes('\0'))) {
    throw new Refusal(errorReply(500, 'A database error occurred.'));
  }
}
