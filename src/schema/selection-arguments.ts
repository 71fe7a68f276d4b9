import type { ArgBuilder, InputFieldRef } from '@pothos/core';
import { ArgumentError } from '../errors/gateway-error.ts';
import { RUN_FILTER_NAMES, type RunFilter, type RunFilterName } from '../runs/run-filters.ts';
import { RUN_BOUND_NAMES, type RunBoundName, type RunWindow } from '../runs/run-window.ts';
import type { builder } from './builder.ts';
import { FILTER_ARGUMENTS, type FilterArgument, type FilterInput } from './filter-arguments.ts';
import { readWindow, WINDOW_ARGUMENTS, type WindowInput } from './window-arguments.ts';

type Types = typeof builder.$inferSchemaTypes;

/** The arguments that select runs as resolvers receive them. */
export interface SelectionInput extends FilterInput, WindowInput {}

/** Which runs are asked for. */
export interface RunSelection {
  readonly filter: RunFilter;
  readonly window: RunWindow;
}

/** Defines the arguments that select runs: filters, then bounds. */
export function selectionArguments(arg: ArgBuilder<Types>, { isOfOneAgent = false } = {}) {
  return { ...filterArguments(arg, isOfOneAgent), ...windowArguments(arg) };
}

type BoundRefs = { [Name in RunBoundName]: InputFieldRef<Types, WindowInput[Name]> };

function windowArguments(arg: ArgBuilder<Types>): BoundRefs {
  const refs = RUN_BOUND_NAMES.map((name) => {
    const { type, description, weight } = WINDOW_ARGUMENTS[name];
    return [name, arg({ type, description, directives: { cost: { weight } } })] as const;
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- There is one argument for each bound.
  return Object.fromEntries(refs) as unknown as BoundRefs;
}

type FilterRefs = { [Name in RunFilterName]: InputFieldRef<Types, FilterInput[Name]> };

function filterArguments(arg: ArgBuilder<Types>, isOfOneAgent: boolean): FilterRefs {
  const refs = RUN_FILTER_NAMES.map((name) => [name, argumentOf(name)] as const)
    .filter(([, { selectsAgents }]) => !(isOfOneAgent && selectsAgents))
    .map(([name, { type, description, deprecationReason }]) => [
      name,
      arg({ type, description, ...(deprecationReason !== undefined && { deprecationReason }) }),
    ]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- There is one argument for each filter.
  return Object.fromEntries(refs) as FilterRefs;
}

function argumentOf<Name extends RunFilterName>(name: Name): FilterArgument<Name, FilterInput[Name]> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- By the type of the table.
  return FILTER_ARGUMENTS[name] as unknown as FilterArgument<Name, FilterInput[Name]>;
}

/** @throws ArgumentError */
export function readSelection(args: SelectionInput): RunSelection {
  return { filter: readFilter(args), window: readWindow(args) };
}

function readFilter(args: FilterInput): RunFilter {
  const filter: { -readonly [Name in RunFilterName]?: unknown } = {};
  for (const name of RUN_FILTER_NAMES) {
    const value = args[name];
    if (value === null || value === undefined) continue;
    const read = argumentOf(name).read(value, name);
    if (read !== undefined) filter[name] = read;
  }
  for (const name in filter) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The keys are those that were read.
    const { contradicts } = argumentOf(name as RunFilterName);
    if (contradicts === undefined || filter[contradicts] === undefined) continue;
    throw new ArgumentError(
      name,
      `${name} and ${contradicts}: expected at most one of the two, but got both`,
    );
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each argument is read as its own filter.
  return filter as RunFilter;
}
