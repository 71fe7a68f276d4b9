import { AGENT_FIELDS } from '../../src/runs/agent-fields.ts';
import { CONVERSATION_FIELDS } from '../../src/runs/conversation-fields.ts';
import { IGNORED_STEP_FIELDS, PART_FIELDS, STEP_FIELDS } from '../../src/runs/detail-fields.ts';
import { REQUEST_CONFIG_FIELD_LIST, RUN_FIELD_LIST } from '../../src/runs/run-fields.ts';
import { DEFAULT_ACTOR } from './actors.ts';

/** The keys of an object, each with its default. */
export type Keys = Readonly<Record<string, unknown>>;

/** Returns the keys of a table of the gateway, and the keys of `others`, whose default is null. */
function keysOf(
  fields: Iterable<{ readonly wire: string; readonly fallback?: unknown }>,
  others: readonly string[] = [],
): Keys {
  const nulls = others.map((wire) => ({ wire, fallback: null }));
  return Object.fromEntries([...fields, ...nulls].map(({ wire, fallback = null }) => [wire, fallback]));
}

export const ORGANIZATION = { organization_id: DEFAULT_ACTOR.organizationId };

export const RUN = keysOf(RUN_FIELD_LIST);
const CONFIG = keysOf(REQUEST_CONFIG_FIELD_LIST);
export const RUN_METRICS = keysOf(Object.values(PART_FIELDS.metrics.fields), PART_FIELDS.metrics.ignored);
export const STEP_METRICS = keysOf(Object.values(PART_FIELDS.timing.fields), PART_FIELDS.timing.ignored);

/** The stored fields of a run that its list doesn't show. Letta creates metrics with a run; other programs may not. */
export const RUN_EXTRAS: Keys = {
  ...ORGANIZATION,
  ...keysOf([], ['run_ns', 'num_steps', 'tools_used', 'lacks_metrics', 'asks', 'answers', 'denies']),
};

/** The `messages` of a step are still sent, but never filled. A step without `step_ns` has no metrics. */
export const STEP: Keys = {
  ...keysOf(Object.values(STEP_FIELDS), IGNORED_STEP_FIELDS),
  ...ORGANIZATION,
  messages: [],
};
export const STEP_EXTRAS = keysOf(Object.values(PART_FIELDS.timing.fields), ['created_at']);

/** The stored fields of a message, of which only the items are sent. */
export const MESSAGE: Keys = {
  ...keysOf([], ['id', 'run_id', 'created_at', 'omitted_with', 'is_in_default']),
  items: [],
};

/** The fields of an agent that the gateway reads. */
export const AGENT: Keys = {
  ...keysOf(Object.values(AGENT_FIELDS), ['id', 'llm_config', 'hidden', 'pending_approval']),
  tools: [],
  tool_rules: [],
  message_buffer_autoclear: false,
};

export const CONVERSATION: Keys = {
  ...keysOf(Object.values(CONVERSATION_FIELDS), ['id', 'created_by_id', 'last_updated_by_id', 'updated_at']),
  ...keysOf([], ['model', 'model_settings']),
  in_context_message_ids: [],
  isolated_block_ids: [],
};

/** The only times that Letta sends without a zone: the ends of runs and of their callbacks. */
const ZONELESS = RUN_FIELD_LIST.flatMap(({ kind, wire }) => (kind === 'instant' ? [wire] : []));

/** The keys of times. */
export const INSTANTS = ['created_at', 'updated_at', 'last_run_completion', 'last_message_at', ...ZONELESS];

/** Returns the JSON of an object with these keys; bigints keep all their digits. */
export function wireText(keys: Keys, row: object): string {
  const values: Keys = { ...row };
  const entries = Object.entries(keys).map(
    ([key, fallback]) => `"${key}":${valueText(key, values[key] ?? fallback)}`,
  );
  return `{${entries.join(',')}}`;
}

function valueText(key: string, value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string' && INSTANTS.includes(key)) {
    const text = value.endsWith('.000000Z') ? value.slice(0, 19) : value.slice(0, 26);
    return `"${text}${ZONELESS.includes(key) ? '' : 'Z'}"`;
  }
  if (key === 'request_config' && typeof value === 'object' && value !== null) return wireText(CONFIG, value);
  return JSON.stringify(value);
}
