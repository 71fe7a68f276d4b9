import { type ByKind, CONFIG_FIELDS, entriesOf, type Field, RUN_FIELDS } from '../support/run-fields.ts';
import type { Observed } from './observe.ts';
import { has } from './releases.ts';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isFlag: Check = (value) => typeof value === 'boolean';
const isWhole: Check = (value) => Number.isInteger(value);
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const like =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const isInstant =
  (pattern: RegExp): Check =>
  (value) =>
    like(pattern)(value) && !Number.isNaN(Date.parse(String(value)));

/** No fraction, or six digits that aren't all zero. */
const ZONED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(?!000000)\d{6})?Z$/;
/** UTC all the same. */
const ZONELESS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(?!000000)\d{6})?$/;

/** What each kind of field holds where it isn't null. */
const CHECKS: ByKind<Check> = {
  id: isText,
  text: isText,
  enum: isText,
  'enum list': isTexts,
  flag: isFlag,
  'zoned instant': isInstant(ZONED),
  'zoneless instant': isInstant(ZONELESS),
  object: isObject,
  config: (value) => problemsOf(value, CONFIG_FIELDS).length === 0,
  int: isWhole,
  nanoseconds: isWhole,
};
const isRunId = like(/^(?:job|run)-[a-f0-9]{8}/);

function isValid(name: string, { kind, isRequired, fallback = null }: Field, value: unknown): boolean {
  if (value === null) return isRequired !== true && fallback === null;
  return CHECKS[kind](value) && (name !== 'id' || isRunId(value));
}

/** What is wrong with a row, one line each; empty for a run as it should be. */
export function runProblems(row: unknown, observed: Observed): string[] {
  const fields = entriesOf(RUN_FIELDS).filter(([name]) => has(observed, `run.${name}`));
  return problemsOf(row, Object.fromEntries(fields));
}

/** A row has the keys of the table, all of them and no others. */
function problemsOf(value: unknown, table: Readonly<Record<string, Field>>): string[] {
  if (!isObject(value)) return [`expected an object, but got: ${JSON.stringify(value)}`];
  const entries = Object.entries(value as object);
  const extra = entries.filter(([key]) => !(key in table)).map(([key]) => `${key}: an unknown key`);
  const found = new Map<string, unknown>(entries);
  const wrong = entriesOf(table)
    .filter(([name, field]) => !isValid(name, field, found.get(name)))
    .map(([name]) => `${name}: ${found.has(name) ? JSON.stringify(found.get(name)) : 'missing'}`);
  return [...wrong, ...extra];
}
