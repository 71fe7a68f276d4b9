import type { InputTypeParam } from '@pothos/core';
import { ArgumentError } from '../errors/gateway-error.ts';
import { quote } from '../lists/errors.ts';
import { readBoundInstant } from '../runs/instant.ts';
import { RUN_BOUND_NAMES, type RunBoundName, type RunWindow } from '../runs/run-window.ts';
import type { builder } from './builder.ts';

/** The GraphQL argument of a bound. */
interface WindowArgument<Name extends RunBoundName, Given> {
  readonly type: InputTypeParam<typeof builder.$inferSchemaTypes>;
  readonly description: string;
  /** A price for the rows that are read in vain. */
  readonly weight: number;
  /** Validates the argument and returns the bound. @throws ArgumentError */
  readonly read: (given: Given, argument: string) => RunWindow[Name];
}

const DURATIONS =
  'Runs without a `totalDurationNs` match neither. The list of the runs API has no such filter, so its rows are read until enough match, at most `SCAN_BUDGET`.';

/** Bounds of time are mostly sought, or reached at once; those of durations may take the whole budget. */
const TIME_WEIGHT = 20;
const DURATION_WEIGHT = 250;

/** The arguments of all bounds; `RUN_BOUNDS` determines their order in the schema. */
export const WINDOW_ARGUMENTS = {
  createdAfter: {
    type: 'DateTime',
    description: 'Only runs created at this instant or later.',
    weight: TIME_WEIGHT,
    read: instant,
  },
  createdBefore: {
    type: 'DateTime',
    description: 'Only runs created before this instant, which is not included.',
    weight: TIME_WEIGHT,
    read: instant,
  },
  minDurationNs: {
    type: 'Nanoseconds',
    description: `Only runs that took at least this long, by \`totalDurationNs\`. ${DURATIONS}`,
    weight: DURATION_WEIGHT,
    read: nanoseconds,
  },
  maxDurationNs: {
    type: 'Nanoseconds',
    description: `Only runs that took at most this long, by \`totalDurationNs\`. ${DURATIONS}`,
    weight: DURATION_WEIGHT,
    read: nanoseconds,
  },
} as const satisfies { readonly [Name in RunBoundName]: WindowArgument<Name, never> };

/** The values of the arguments as resolvers receive them. */
export type WindowInput = {
  readonly [Name in RunBoundName]?: Parameters<(typeof WINDOW_ARGUMENTS)[Name]['read']>[0] | null | undefined;
};

/** @throws ArgumentError */
export function readWindow(args: WindowInput): RunWindow {
  const window: { -readonly [Name in RunBoundName]?: unknown } = {};
  for (const name of RUN_BOUND_NAMES) {
    const given = args[name];
    if (given === null || given === undefined) continue;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- An argument's value goes to its own reader.
    const { read } = WINDOW_ARGUMENTS[name] as unknown as WindowArgument<typeof name, unknown>;
    window[name] = read(given, name);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each reader returns its own bound.
  return window as RunWindow;
}

function instant(given: string, argument: string): string {
  const read = readBoundInstant(given);
  if (read !== null) return read;
  throw new ArgumentError(
    argument,
    `${argument}: expected a date and time with a zone, such as 2026-01-31T09:30:00Z, but got ${quote(given)}`,
  );
}

function nanoseconds(given: number, argument: string): number {
  if (Number.isSafeInteger(given) && given >= 0) return given;
  throw new ArgumentError(
    argument,
    `${argument}: expected a whole number of nanoseconds from 0 to 2^53-1, but got ${quote(given)}`,
  );
}
