import { outcomeOf } from './outcomes.ts';
import type { RandomRun } from './random-runs.ts';
import { type ByKind, CONFIG_FIELDS, camelCase, type Field, RUN_FIELDS } from './run-fields.ts';

type Entry = readonly [text: string, value: (run: RandomRun) => unknown];

const upper = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(upper) : typeof value === 'string' ? value.toUpperCase() : value;
const plain = (value: unknown): unknown => value;

/** How GraphQL shows the value of a field that isn't null. */
const SHOWN: ByKind<(value: unknown) => unknown> = {
  id: plain,
  text: plain,
  'enum value': upper,
  'enum list': upper,
  boolean: plain,
  created: plain,
  instant: plain,
  object: plain,
  config: (config) => shownConfig(config as Readonly<Record<string, unknown>>),
  int: plain,
  'whole number': plain,
};

const SELECTED_CONFIG = Object.entries(CONFIG_FIELDS)
  .map(([name]) => camelCase(name))
  .join(' ');

function shownConfig(config: Readonly<Record<string, unknown>>): unknown {
  const shown = Object.entries(CONFIG_FIELDS).map(([name, { kind, fallback }]) => {
    const value = config[name] ?? fallback;
    return [camelCase(name), value === null ? null : SHOWN[kind](value)];
  });
  return Object.fromEntries(shown);
}

/** The selections that show one field of the wire; what an enum can't say is in its raw text. */
function entriesFor(name: string, { kind }: Field): readonly Entry[] {
  const key = camelCase(name);
  const valueOf = (run: RandomRun): unknown => Reflect.get(run, name);
  const shown = (run: RandomRun): unknown => {
    const value = valueOf(run);
    return value === null ? null : SHOWN[kind](value);
  };
  if (name === 'agent_id')
    return [
      [key, shown],
      ['agent { id }', (run) => ({ id: run.agent_id })],
    ];
  if (name === 'total_duration_ns') return [[key, (run) => run.run_ns ?? run.total_duration_ns]];
  if (kind === 'config') return [[`${key} { ${SELECTED_CONFIG} }`, shown]];
  if (kind === 'enum value')
    return [
      [key, shown],
      [camelCase(`raw_${name}`), valueOf],
      ...(name === 'status' ? [['outcome', outcomeOf] as const] : []),
    ];
  return [[key, shown]];
}

const ENTRIES: readonly Entry[] = Object.entries(RUN_FIELDS).flatMap(([name, field]) =>
  entriesFor(name, field),
);

/** Every field of `Run`, but for lists, each as a selection of its own. */
export const RUN_SELECTIONS: readonly string[] = ENTRIES.map(([text]) => text);

/** What {@link RUN_SELECTIONS} select of a run, in their order, with the duration that lists show. */
export function expectedRun(run: RandomRun): Readonly<Record<string, unknown>> {
  return Object.fromEntries(ENTRIES.map(([text, value]) => [text.split(' ')[0], value(run)]));
}
