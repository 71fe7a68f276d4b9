import { DEFAULT_ACTOR } from '../model/actors.ts';

/** Names with what is stored for an absent value. */
type Defaults = Readonly<Record<string, unknown>>;

/**
 * A kind of object, kept as one row: the columns that rows are found by, or that aren't sent, and `json`, which is
 * sent as it is.
 */
export interface Kind {
  readonly table: string;
  /** Every kind has an `id`. */
  readonly columns: Defaults;
  /** The keys of the JSON, in order. */
  readonly keys: Defaults;
  /** In the words of SQL, behind `CREATE INDEX`. */
  readonly indexes: readonly string[];
}

/**
 * The columns of runs with an index for filtering, most selective first: the first one that a list is filtered by
 * determines the index to use. SQLite itself would need statistics to choose, and its choice could change.
 *
 * Every index ends in `(created_at, id)`, the total order of all lists, so that a page is one seek and a scan in
 * order.
 */
export const INDEXED_COLUMNS = ['conversation_id', 'agent_id', 'stop_reason', 'status'] as const;

/** Returns the name of an index. */
export const indexOf = (column: string): string => `runs_by_${column}`;

/** The index for lists that are not filtered by any of these columns. */
export const TIME_INDEX = indexOf('time');

const { organizationId: organization_id } = DEFAULT_ACTOR;

/** The names in a text, each with null. */
function nulls(names: string): Defaults {
  return Object.fromEntries(names.split(/\s+/).map((name) => [name, null]));
}

/**
 * `run_ns`, `num_steps` and `tools_used` are the metrics of a run, which Letta creates together with it; other
 * programs that write runs may not, so that it `lacks_metrics`. A sample run `lacks_details` until its steps and
 * messages are first read. One that `is_live` is removed once there are many newer ones.
 */
export const RUNS: Kind = {
  table: 'runs',
  columns: {
    ...nulls('id created_at agent_id background stop_reason conversation_id run_ns num_steps tools_used'),
    ...nulls('lacks_metrics lacks_details is_live'),
    organization_id,
    status: 'created',
  },
  // Lists put another duration in the place of the last one.
  keys: {
    id: null,
    status: 'created',
    ...nulls('created_at completed_at agent_id conversation_id base_template_id background metadata'),
    ...nulls('request_config stop_reason callback_url callback_sent_at callback_status_code callback_error'),
    ...nulls('ttft_ns total_duration_ns'),
  },
  indexes: [
    `${TIME_INDEX} ON runs (organization_id, created_at, id)`,
    ...INDEXED_COLUMNS.map(
      (column) => `${indexOf(column)} ON runs (organization_id, ${column}, created_at, id)`,
    ),
    'runs_live ON runs (created_at, id) WHERE is_live = 1',
  ],
};

/** `step_start_ns` and the like are the metrics of a step; one without `step_ns` has none. */
export const STEPS: Kind = {
  table: 'steps',
  columns: {
    ...nulls('id run_id created_at step_start_ns llm_request_ns tool_execution_ns step_ns'),
    organization_id,
  },
  keys: {
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
  indexes: ['steps_by_run ON steps (run_id, created_at, id)'],
};

/** In the order of insertion, which SQLite keeps as `rowid`: the sequence by which Letta lists messages. */
export const MESSAGES: Kind = {
  table: 'messages',
  columns: nulls('id run_id created_at omitted_with'),
  keys: { items: [] },
  indexes: ['messages_by_run ON messages (run_id)'],
};

/** Without a configuration of its model, Letta fails for every list with the agent. */
export const AGENTS: Kind = {
  table: 'agents',
  columns: { ...nulls('id name created_at hidden llm_config base_template_id'), organization_id, tags: [] },
  keys: {
    ...nulls('created_by_id last_updated_by_id created_at updated_at id name'),
    tool_rules: [],
    message_ids: [],
    system: '',
    agent_type: 'letta_v1_agent',
    ...nulls(
      'llm_config embedding_config model embedding model_settings compaction_settings response_format',
    ),
    ...nulls('description metadata'),
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
  indexes: [],
};

export const KINDS: readonly Kind[] = [RUNS, STEPS, MESSAGES, AGENTS];
