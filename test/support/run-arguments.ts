import * as fc from 'fast-check';
import { outcomeOf } from './outcomes.ts';
import type { RandomRun } from './random-runs.ts';
import {
  ACTIVE_STATUSES,
  AGENT_IDS,
  CONVERSATION_IDS,
  OUTCOMES,
  RUN_STATUSES,
  STOP_REASONS,
} from './run-fields.ts';

/** What selects runs of a list, as the arguments of `runs`. */
export interface Selecting {
  readonly active?: boolean;
  readonly agentId?: string;
  readonly agentIds?: readonly string[];
  readonly background?: boolean;
  readonly conversationId?: string;
  readonly statuses?: readonly string[];
  readonly stopReason?: string;
  readonly outcomes?: readonly string[];
  readonly notStatuses?: readonly string[];
  readonly stopReasons?: readonly string[];
  readonly notStopReasons?: readonly string[];
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly inDefaultConversation?: boolean;
  readonly minDurationNs?: number;
  readonly maxDurationNs?: number;
  readonly metadata?: readonly {
    readonly path: string;
    readonly equals?: unknown;
    readonly exists?: boolean;
  }[];
}

/** Its type, some values of which a few match some of the runs, and whether a run matches one. */
type Argument<Value> = readonly [
  type: string,
  values: (runs: readonly RandomRun[]) => fc.Arbitrary<Value>,
  isMatch: (run: RandomRun, value: Value) => boolean,
];

/** Nanoseconds since 1970, with all digits. */
function nanosOf(text: string): bigint {
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  const seconds = BigInt(Date.parse(text.replace(/\.\d+/, ''))) / 1000n;
  return seconds * 1_000_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9));
}

/** What a list shows as the duration: that of the metrics, or else the run's own. */
const durationOf = ({ run_ns, total_duration_ns }: RandomRun): number | null => run_ns ?? total_duration_ns;

const capital = (text: string | null): string => text?.toUpperCase() ?? '';
const some = (values: readonly string[]): fc.Arbitrary<string[]> =>
  fc.subarray(values.map(capital), { minLength: 1 });
const one = (values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values);

/** The instant of a run, or the nanosecond on either side of it. */
const instants = (runs: readonly RandomRun[]): fc.Arbitrary<string> =>
  fc
    .tuple(one(runs.map(({ created_at }) => created_at)), fc.constantFrom(0n, 0n, 1n, -1n))
    .map(([at, nanos]) => {
      const [whole, rest] = [(nanosOf(at) + nanos) / 1_000_000_000n, (nanosOf(at) + nanos) % 1_000_000_000n];
      const seconds = new Date(Number(whole) * 1000).toISOString().slice(0, 19);
      return `${seconds}.${String(rest).padStart(9, '0')}Z`;
    });
const durations = (runs: readonly RandomRun[]): fc.Arbitrary<number> =>
  fc
    .tuple(fc.constantFrom(0, ...runs.map((run) => durationOf(run) ?? 0)), fc.constantFrom(0, 0, 1))
    .map(([ns, more]) => Math.min(ns + more, Number.MAX_SAFE_INTEGER));
/** A value of the first level of some run's metadata. */
const metadata = (runs: readonly RandomRun[]) => {
  const entries = runs
    .flatMap((run) => Object.entries(run.metadata ?? {}))
    .filter(([key, value]) => /^\w+$/.test(key) && ['string', 'boolean'].includes(typeof value));
  const values = fc.constantFrom(...entries, ['missing', ''] as const);
  return fc
    .tuple(values, fc.option(fc.boolean()))
    .map(([[path, equals], exists]) => [exists === null ? { path, equals } : { path, exists }]);
};

/** Durations and metadata are those of the row. */
const ARGUMENTS: { readonly [Name in keyof Selecting]-?: Argument<NonNullable<Selecting[Name]>> } = {
  active: ['Boolean', fc.boolean, ({ status }, isOn) => !isOn || ACTIVE_STATUSES.includes(status)],
  agentId: ['ID', () => one(AGENT_IDS), ({ agent_id }, id) => agent_id === id],
  agentIds: [
    '[ID!]',
    () => fc.subarray(AGENT_IDS, { minLength: 1 }),
    (run, ids) => ids.includes(run.agent_id),
  ],
  background: ['Boolean', fc.boolean, ({ background }, wanted) => background === wanted],
  conversationId: ['ID', () => one(CONVERSATION_IDS), (run, id) => run.conversation_id === id],
  statuses: ['[RunStatus!]', () => some(RUN_STATUSES), (run, names) => names.includes(capital(run.status))],
  outcomes: ['[RunOutcome!]', () => some(OUTCOMES), (run, names) => names.includes(outcomeOf(run))],
  notStatuses: [
    '[RunStatus!]',
    () => some(RUN_STATUSES),
    (run, names) => !names.includes(capital(run.status)),
  ],
  stopReason: [
    'StopReason',
    () => one(STOP_REASONS.map(capital)),
    ({ stop_reason }, name) => capital(stop_reason) === name,
  ],
  stopReasons: [
    '[StopReason!]',
    () => some(STOP_REASONS),
    ({ stop_reason }, names) => names.includes(capital(stop_reason)),
  ],
  notStopReasons: [
    '[StopReason!]',
    () => some(STOP_REASONS),
    ({ stop_reason }, names) => !names.includes(capital(stop_reason)),
  ],
  createdAfter: ['DateTime', instants, ({ created_at }, from) => nanosOf(created_at) >= nanosOf(from)],
  createdBefore: ['DateTime', instants, ({ created_at }, to) => nanosOf(created_at) < nanosOf(to)],
  minDurationNs: ['Nanoseconds', durations, (run, least) => (durationOf(run) ?? -1) >= least],
  maxDurationNs: ['Nanoseconds', durations, (run, most) => (durationOf(run) ?? Infinity) <= most],
  metadata: [
    '[MetadataFilter!]',
    metadata,
    (run, conditions) =>
      conditions.every(({ path, equals, exists }) => {
        const has = run.metadata !== null && Object.hasOwn(run.metadata, path);
        return exists === undefined ? has && run.metadata[path] === equals : has === exists;
      }),
  ],
  inDefaultConversation: [
    'Boolean',
    () => fc.boolean(),
    ({ conversation_id }, isDefault) => !isDefault || conversation_id === null,
  ],
};

const NAMES = Object.keys(ARGUMENTS) as readonly (keyof Selecting)[];

/** For the head of an operation, and for its field. */
export const SELECTING_VARIABLES = NAMES.map((name) => `$${name}: ${ARGUMENTS[name][0]}`).join(', ');
export const SELECTING_ARGUMENTS = NAMES.map((name) => `${name}: $${name}`).join(', ');
export const SELECTING_NAMES: readonly string[] = NAMES;

/** Whether a run is in the list that the arguments select. */
export function isSelected(run: RandomRun, selecting: Selecting): boolean {
  return NAMES.every((name) => {
    const value = selecting[name];
    return value === undefined || ARGUMENTS[name][2](run, value as never);
  });
}

/** A value of an argument, which may match some of the runs. */
export function randomValue(name: keyof Selecting, runs: readonly RandomRun[]): fc.Arbitrary<unknown> {
  return ARGUMENTS[name][1](runs);
}

/** Pairs that can't be combined. */
const EXCLUSIVE = [
  ['active', 'statuses'],
  ['agentId', 'agentIds'],
  ['stopReason', 'stopReasons'],
  ['conversationId', 'inDefaultConversation'],
] as const;

/** At most three arguments: more would leave no rows to page through. */
export function randomSelecting(runs: readonly RandomRun[]): fc.Arbitrary<Selecting> {
  const values = Object.fromEntries(NAMES.map((name) => [name, ARGUMENTS[name][1](runs)]));
  return fc
    .subarray([...NAMES], { maxLength: 3 })
    .filter((names) => EXCLUSIVE.every((pair) => !pair.every((name) => names.includes(name))))
    .chain((names): fc.Arbitrary<Selecting> => {
      const chosen = names.map((name) => [name, values[name]!] as const);
      return fc.record<Record<string, never>>(Object.fromEntries(chosen) as never);
    });
}
