import type { ArgBuilder } from '@pothos/core';
import { ArgumentError } from '../errors/gateway-error.ts';
import { type ConnectionArguments, readPageArguments } from '../lists/pages/page-arguments.ts';
import type { RunListArguments } from '../loaders/runs.ts';
import type { RunOrder } from '../runs/position.ts';
import { RUN_LIST } from '../runs/run-filters.ts';
import type { builder } from './builder.ts';
import { type ListNames, pageArguments } from './connection.ts';
import { RunOrderFieldEnum, SortOrderEnum } from './enums.ts';
import { readSelection, type SelectionInput, selectionArguments } from './selection-arguments.ts';

type Types = typeof builder.$inferSchemaTypes;

/** The arguments of a list of runs as resolvers receive them. */
export interface ListInput extends ConnectionArguments, SelectionInput {
  readonly order?: RunOrder | null | undefined;
  readonly ascending?: boolean | null | undefined;
}

export const RUN_LIST_NAMES: ListNames = { one: 'run', many: 'runs' };

/** Defines the arguments of the list of one agent's runs, in their order in the schema. */
export function agentListArguments(arg: ArgBuilder<Types>) {
  const { agentId: _agentId, agentIds: _agentIds, ...others } = listArguments(arg);
  return others;
}

/** Defines the arguments of a list of runs, in their order in the schema. */
export function listArguments(arg: ArgBuilder<Types>) {
  return {
    ...pageArguments(arg, RUN_LIST_NAMES),
    ...selectionArguments(arg),
    order: arg({
      type: SortOrderEnum,
      description: 'The sort order of the list. The default is DESC, newest first.',
    }),
    orderBy: arg({
      type: RunOrderFieldEnum,
      description: 'The field to sort by. CREATED_AT, the default, is the only one (REST: `order_by`).',
    }),
    ascending: arg.boolean({
      description: 'If true, oldest first. False has no effect.',
      deprecationReason: 'Deprecated in REST. Use `order: ASC`.',
    }),
  };
}

/**
 * Validates the arguments. REST silently ignores one of two contradictory parameters, and empty ids,
 * and so returns other runs than asked for; here both are errors.
 *
 * @throws ArgumentError, InvalidCursorError
 */
export function readListArguments(args: ListInput): RunListArguments {
  const page = readPageArguments(args, RUN_LIST);
  if (args.ascending === true && args.order === 'desc') {
    throw new ArgumentError(
      'ascending',
      'ascending and order: ascending: true contradicts order: DESC; omit ascending, which is deprecated',
    );
  }
  return { ...page, ...readSelection(args), order: args.order ?? (args.ascending === true ? 'asc' : 'desc') };
}
