import type { ArgBuilder } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { cutPage } from '../lists/items/cut-page.ts';
import type { ItemList } from '../lists/items/item-list.ts';
import type { Page } from '../lists/pages/build-page.ts';
import {
  type ConnectionArguments,
  type PageRules,
  readPageArguments,
} from '../lists/pages/page-arguments.ts';
import type { Order } from '../lists/position.ts';
import type { Context } from '../loaders/context.ts';
import type { InputOf } from '../runs/argument-types.ts';
import type { FiltersOf, ItemsWithId, ListOf } from '../runs/runs-source.ts';
import type { Types } from './builder.ts';
import { pageArguments } from './connection.ts';
import { SortOrderEnum } from './enums.ts';
import { type ArgumentTable, argumentsOf, readArguments } from './filter-arguments.ts';
import { pageNeeds } from './selected-fields.ts';

/** The arguments of a list as resolvers receive them. */
export type ListInput<Filters> = ConnectionArguments &
  InputOf<Filters> & { readonly order?: Order | null | undefined };

/** Defines the arguments of a list, in their order in the schema. @param order describes the argument of this name */
export function listArguments<Filters extends ArgumentTable>(
  arg: ArgBuilder<Types>,
  list: PageRules & { readonly filters: Filters },
  order: string,
) {
  return {
    ...pageArguments(arg, list),
    ...argumentsOf(arg, list.filters),
    order: arg({ type: SortOrderEnum, description: order }),
  };
}

interface ItemsOptions<Item> {
  /** Opens the list of all items, and the list from its end, if it is read from the end for `last`. */
  readonly fromStart: () => ItemList<Item>;
  readonly fromEnd?: () => ItemList<Item>;
  /** Which items are shown. @default all */
  readonly isShown?: ((item: Item) => boolean) | undefined;
}

/** Resolves a field to a page of items without positions. @throws ArgumentError, InvalidCursorError, UpstreamError */
export async function itemPage<Item extends { readonly id: string }>(
  rules: PageRules,
  args: ConnectionArguments,
  info: GraphQLResolveInfo,
  { fromStart, fromEnd, isShown }: ItemsOptions<Item>,
): Promise<Page<Item>> {
  const page = readPageArguments(args, rules);
  const isReversed = page.direction === 'backward' && fromEnd !== undefined;
  const { hasNextPage, hasPreviousPage } = pageNeeds(info);
  const needsNext = isReversed ? hasPreviousPage : hasNextPage;
  const items = isReversed ? fromEnd() : fromStart();
  return cutPage(items, page, { what: rules.noun, isShown, isReversed, needsNext });
}

/** Resolves a page of a list. @throws ArgumentError, InvalidCursorError, UnsupportedError, UpstreamError */
export async function resolvePage<Name extends keyof ItemsWithId, Filters extends FiltersOf<Name>>(
  list: ListOf<Name, Filters>,
  args: ListInput<Filters>,
  context: Context,
  info: GraphQLResolveInfo,
  rules: PageRules = list,
): Promise<Page<ItemsWithId[Name]>> {
  const page = readPageArguments(args, rules);
  const filter = readArguments(list.filters, args);
  return context.page(list, { ...page, filter, order: args.order ?? 'desc' }, pageNeeds(info));
}
