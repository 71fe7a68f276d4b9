import { REQUEST_CONFIG_FIELD_LIST, RUN_FIELD_LIST } from '../../src/runs/run-fields.ts';
import { DEFAULT_ACTOR } from '../actors.ts';

/** The keys of an object in Letta's order, each with the value that it has where none is given. */
export type Keys = Readonly<Record<string, unknown>>;

/** Reads names, each with its default as JSON behind `=`; null without it. */
function keys(text: string): Keys {
  const words = text.trim().split(/\s+/);
  return Object.fromEntries(
    words.map((word) => {
      const [name = '', json = 'null'] = word.split('=');
      return [name, JSON.parse(json)];
    }),
  );
}

const names = (fields: readonly { readonly wire: string }[]): string[] => fields.map(({ wire }) => wire);

const ORGANIZATION = `organization_id="${DEFAULT_ACTOR.organizationId}"`;

export const RUN: Keys = { ...keys(names(RUN_FIELD_LIST).join(' ')), status: 'created' };

/** The metrics of a run are created together with it; other programs that write runs may not, so that it `lacks_metrics`. */
export const RUN_EXTRAS = keys(`${ORGANIZATION} run_ns num_steps tools_used lacks_metrics`);

/** Its `messages` are still sent, but never filled. */
export const STEP = keys(`
  id origin ${ORGANIZATION} provider_id run_id agent_id provider_name provider_category model model_handle
  model_endpoint context_window_limit completion_tokens=0 prompt_tokens=0 total_tokens=0 cached_input_tokens
  cache_write_tokens reasoning_tokens completion_tokens_details prompt_tokens_details stop_reason tags=[] tid
  trace_id request_id messages=[] feedback project_id error_type error_data status="pending"`);

/** A step without `step_ns` has no metrics. */
export const STEP_EXTRAS = keys('created_at step_start_ns llm_request_ns tool_execution_ns step_ns');

/** Of a message its items are sent. */
export const MESSAGE = keys('id run_id created_at omitted_with items=[]');

export const AGENT = keys(`
  created_by_id last_updated_by_id created_at updated_at id name tool_rules=[] message_ids=[] system=""
  agent_type="letta_v1_agent" llm_config embedding_config model embedding model_settings compaction_settings
  response_format description metadata memory={"blocks":[],"file_blocks":[],"prompt_template":""} blocks=[]
  tools=[] sources=[] tags=[] tool_exec_environment_variables=[] secrets=[] project_id template_id
  base_template_id deployment_id entity_id identity_ids=[] identities=[] pending_approval
  message_buffer_autoclear=false enable_sleeptime multi_agent_group managed_group last_run_completion
  last_run_duration_ms last_stop_reason timezone max_files_open=10 per_file_view_window_char_limit=25000 hidden`);

export const AGENT_EXTRAS = keys(ORGANIZATION);

export const RUN_METRICS = keys(`
  id organization_id agent_id project_id run_start_ns run_ns num_steps tools_used template_id base_template_id`);

export const STEP_METRICS = keys(`
  id organization_id provider_id run_id agent_id step_start_ns llm_request_start_ns llm_request_ns
  tool_execution_ns step_ns base_template_id template_id project_id`);

const CONFIG: Keys = {
  ...keys(names(REQUEST_CONFIG_FIELD_LIST).join(' ')),
  use_assistant_message: true,
  assistant_message_tool_name: 'send_message',
  assistant_message_tool_kwarg: 'message',
};

const ZONED = ['created_at', 'updated_at', 'last_run_completion'];
/** Of Letta's times only these have no zone. */
const ZONELESS = ['completed_at', 'callback_sent_at'];

/** The keys of times. */
export const INSTANTS: readonly string[] = [...ZONED, ...ZONELESS];

/** Returns the JSON of an object with these keys; bigints keep all their digits. */
export function wireText(wanted: Keys, row: object): string {
  const given: Keys = { ...row };
  const entries = Object.entries(wanted).map(
    ([key, fallback]) => `"${key}":${valueText(key, given[key] ?? fallback)}`,
  );
  return `{${entries.join(',')}}`;
}

function valueText(key: string, value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string' && INSTANTS.includes(key)) {
    const text = value.endsWith('.000000Z') ? value.slice(0, 19) : value.slice(0, 26);
    return `"${text}${ZONED.includes(key) ? 'Z' : ''}"`;
  }
  if (key === 'request_config' && typeof value === 'object' && value !== null) return wireText(CONFIG, value);
  return JSON.stringify(value);
}
