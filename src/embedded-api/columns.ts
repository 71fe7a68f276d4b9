import type { SQLInputValue } from 'node:sqlite';
import { DEFAULT_ACTOR } from './actors.ts';
import type { NewRun, StoredRun } from './stored-run.ts';
import { normalizeTimestamp } from './timestamps.ts';

type Encoders = { readonly [K in keyof StoredRun]: (value: StoredRun[K]) => SQLInputValue };

const plain = (value: string | number | null): SQLInputValue => value;
const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
const stamp = (value: string | null): string | null => (value === null ? null : normalizeTimestamp(value));

/** How each field is kept in its column of the same name. */
const ENCODERS: Encoders = {
  id: plain,
  status: plain,
  created_at: stamp,
  completed_at: stamp,
  agent_id: plain,
  conversation_id: plain,
  base_template_id: plain,
  background: (value) => (value === null ? null : Number(value)),
  metadata: json,
  request_config: json,
  stop_reason: plain,
  callback_url: plain,
  callback_sent_at: stamp,
  callback_status_code: plain,
  callback_error: plain,
  ttft_ns: plain,
  total_duration_ns: plain,
  run_ns: plain,
  num_steps: plain,
  organization_id: plain,
};

const DEFAULTS: Omit<StoredRun, 'id' | 'agent_id' | 'created_at'> = {
  status: 'created',
  completed_at: null,
  conversation_id: null,
  base_template_id: null,
  background: null,
  metadata: null,
  request_config: null,
  stop_reason: null,
  callback_url: null,
  callback_sent_at: null,
  callback_status_code: null,
  callback_error: null,
  ttft_ns: null,
  total_duration_ns: null,
  run_ns: null,
  num_steps: null,
  organization_id: DEFAULT_ACTOR.organizationId,
};

const isColumn = (name: string): name is keyof StoredRun => name in ENCODERS;

/** All columns, in the order of `encodeRun`. */
export const COLUMNS: readonly (keyof StoredRun)[] = Object.keys(ENCODERS).filter(isColumn);

/** @throws RangeError for a timestamp that is none. */
export function encodeColumn<K extends keyof StoredRun>(name: K, value: StoredRun[K]): SQLInputValue {
  return ENCODERS[name](value);
}

/** A new row's values; what the run doesn't say has its default. */
export function encodeRun(run: NewRun): SQLInputValue[] {
  const full: StoredRun = { ...DEFAULTS, ...run };
  return COLUMNS.map((name) => encodeColumn(name, full[name]));
}
