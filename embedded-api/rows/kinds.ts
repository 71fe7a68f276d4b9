import { REQUEST_CONFIG_FIELD_LIST, RUN_FIELD_LIST } from '../../src/runs/run-fields.ts';
import { DEFAULT_ACTOR } from '../actors.ts';

/** The keys of an object in Letta's order, each with the value that it has where none is given. */
type Keys = Readonly<Record<string, unknown>>;

/** A kind of row. */
export interface Kind {
  readonly sent: Keys;
  /** What isn't sent with the row. */
  readonly kept: Keys;
  /** The key by whose value rows are listed. */
  readonly listedBy: 'organization_id' | 'run_id';
  /** Whether lists are in the order of (created_at, id), not in that of insertion. */
  readonly isSorted: boolean;
}

const { organizationId: organization_id } = DEFAULT_ACTOR;

/** The names in a text, each with null. */
function nulls(names: string): Keys {
  return Object.fromEntries(names.split(' ').map((name) => [name, null]));
}

/** The metrics of a run are created together with it; other programs that write runs may not, so that it `lacks_metrics`. */
export const RUN: Kind = {
  sent: { ...nulls(RUN_FIELD_LIST.map(({ wire }) => wire).join(' ')), status: 'created' },
  kept: { organization_id, ...nulls('run_ns num_steps tools_used lacks_metrics') },
  listedBy: 'organization_id',
  isSorted: true,
};

/** A step without `step_ns` has no metrics. */
export const STEP: Kind = {
  sent: {
    ...nulls('id origin'),
    organization_id,
    ...nulls('provider_id run_id agent_id provider_name provider_category model model_handle model_endpoint'),
    context_window_limit: null,
    completion_tokens: 0,
    prompt_tokens: 0,
    total_tokens: 0,
    ...nulls('cached_input_tokens cache_write_tokens reasoning_tokens completion_tokens_details'),
    ...nulls('prompt_tokens_details stop_reason'),
    tags: [],
    ...nulls('tid trace_id request_id'),
    // Still sent, but never filled.
    messages: [],
    ...nulls('feedback project_id error_type error_data'),
    status: 'pending',
  },
  kept: nulls('created_at step_start_ns llm_request_ns tool_execution_ns step_ns'),
  listedBy: 'run_id',
  isSorted: true,
};

/** Of a message its items are sent. */
export const MESSAGE: Kind = {
  sent: {},
  kept: { ...nulls('id run_id created_at omitted_with'), items: [] },
  listedBy: 'run_id',
  isSorted: false,
};

export const AGENT: Kind = {
  sent: {
    ...nulls('created_by_id last_updated_by_id created_at updated_at id name'),
    tool_rules: [],
    message_ids: [],
    system: '',
    agent_type: 'letta_v1_agent',
    ...nulls('llm_config embedding_config model embedding model_settings compaction_settings'),
    ...nulls('response_format description metadata'),
    memory: { blocks: [], file_blocks: [], prompt_template: '' },
    blocks: [],
    tools: [],
    sources: [],
    tags: [],
    tool_exec_environment_variables: [],
    secrets: [],
    ...nulls('project_id template_id base_template_id deployment_id entity_id'),
    identity_ids: [],
    identities: [],
    pending_approval: null,
    message_buffer_autoclear: false,
    ...nulls('enable_sleeptime multi_agent_group managed_group last_run_completion last_run_duration_ms'),
    ...nulls('last_stop_reason timezone'),
    max_files_open: 10,
    per_file_view_window_char_limit: 25_000,
    hidden: null,
  },
  kept: { organization_id },
  listedBy: 'organization_id',
  isSorted: true,
};

export const RUN_METRICS = nulls(
  'id organization_id agent_id project_id run_start_ns run_ns num_steps tools_used template_id base_template_id',
);

export const STEP_METRICS = nulls(
  'id organization_id provider_id run_id agent_id step_start_ns llm_request_start_ns llm_request_ns ' +
    'tool_execution_ns step_ns base_template_id template_id project_id',
);

const ZONED = ['created_at', 'updated_at', 'last_run_completion'];
/** Of Letta's times only these have no zone. */
const ZONELESS = ['completed_at', 'callback_sent_at'];

/** The keys of times. */
export const INSTANTS: readonly string[] = [...ZONED, ...ZONELESS];

const CONFIG_DEFAULTS: Keys = {
  use_assistant_message: true,
  assistant_message_tool_name: 'send_message',
  assistant_message_tool_kwarg: 'message',
};

/** Returns the JSON of a row with these keys; bigints keep all their digits. */
export function wireText(keys: Keys, row: object): string {
  const given: Keys = { ...row };
  const entries = Object.keys(keys).map((key) => `"${key}":${valueText(key, given[key] ?? null)}`);
  return `{${entries.join(',')}}`;
}

function valueText(key: string, value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string' && INSTANTS.includes(key)) {
    const text = value.endsWith('.000000Z') ? value.slice(0, 19) : value.slice(0, 26);
    return `"${text}${ZONED.includes(key) ? 'Z' : ''}"`;
  }
  if (key !== 'request_config' || typeof value !== 'object' || value === null) return JSON.stringify(value);
  const config: Keys = { ...value };
  const names = REQUEST_CONFIG_FIELD_LIST.map(({ wire }) => wire);
  return JSON.stringify(
    Object.fromEntries(names.map((name) => [name, config[name] ?? CONFIG_DEFAULTS[name] ?? null])),
  );
}
