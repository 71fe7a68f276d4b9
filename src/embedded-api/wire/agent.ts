import { AGENT_FIELDS, type AgentRow } from '../model/agent.ts';
import { type FieldDefinition, namesOf } from '../model/field.ts';
import { fieldWriter } from './kinds.ts';
import { readLlmConfig } from './llm-config.ts';
import { rowCheck } from './row-checks.ts';
import { RowError } from './row-error.ts';

/** A null or an empty list, for what no agent here has. */
const none = { json: 'null' };
const empty = { json: '[]' };
/** What is written by hand below. */
const derived = 'derived';
const column = 'column';

/** The keys of Letta's `AgentState` in its order. */
const KEYS: Readonly<Record<string, typeof column | typeof derived | { readonly json: string }>> = {
  created_by_id: column,
  last_updated_by_id: none,
  created_at: column,
  updated_at: column,
  id: column,
  name: column,
  tool_rules: empty,
  message_ids: empty,
  system: column,
  agent_type: column,
  llm_config: derived,
  embedding_config: none,
  model: derived,
  embedding: none,
  model_settings: {
    json: '{"max_output_tokens":4096,"parallel_tool_calls":true,"provider_type":"openai","temperature":1.0,"reasoning":{"reasoning_effort":"minimal"},"response_format":null,"strict":true}',
  },
  compaction_settings: none,
  response_format: none,
  description: column,
  metadata: column,
  memory: derived,
  blocks: empty,
  tools: empty,
  sources: empty,
  tags: derived,
  tool_exec_environment_variables: empty,
  secrets: empty,
  project_id: column,
  template_id: column,
  base_template_id: column,
  deployment_id: none,
  entity_id: none,
  identity_ids: empty,
  identities: empty,
  pending_approval: none,
  message_buffer_autoclear: { json: 'false' },
  enable_sleeptime: none,
  multi_agent_group: none,
  managed_group: none,
  last_run_completion: column,
  last_run_duration_ms: column,
  last_stop_reason: column,
  timezone: column,
  max_files_open: derived,
  per_file_view_window_char_limit: derived,
  hidden: column,
};

/** The limits for files by the context window: how many, and characters of each. */
const FILE_LIMITS = [
  { upTo: 8000, files: 3, characters: 5000 },
  { upTo: 32_000, files: 5, characters: 15_000 },
  { upTo: 128_000, files: 10, characters: 25_000 },
  { upTo: 200_000, files: 10, characters: 40_000 },
  { upTo: Infinity, files: 15, characters: 40_000 },
] as const;

const checkColumns = rowCheck('AgentState', AGENT_FIELDS, ['agent_type', 'metadata', 'last_stop_reason']);

/** @throws RowError for an agent that Letta can't read, as one without a model's configuration */
export function assertValidAgent(row: AgentRow): void {
  if (row.llm_config === null) throw new RowError('validate', 'llm_config is null', { isUnhandled: true });
  checkColumns(row);
}

const WRITERS: ReadonlyMap<string, (row: AgentRow) => string> = new Map(
  namesOf(AGENT_FIELDS).map((name) => {
    const field: FieldDefinition = AGENT_FIELDS[name];
    const write = fieldWriter(field);
    return [name, (row) => write(row[name], 1)];
  }),
);
const writeTags = fieldWriter(AGENT_FIELDS.tags);

/**
 * Serializes an agent as JSON.
 * @param showsTags whether its tags were asked for; other relations are always empty here
 * @throws RowError if Letta couldn't send it
 */
export function wireAgent(row: AgentRow, showsTags: boolean): string {
  assertValidAgent(row);
  const derivedValues = derivedFrom(row, row.llm_config ?? '{}', showsTags ? writeTags(row.tags, 1) : '[]');
  const entries = Object.entries(KEYS).map(([key, source]) => {
    if (typeof source === 'object') return `"${key}":${source.json}`;
    const value = source === column ? WRITERS.get(key)?.(row) : derivedValues[key];
    return `"${key}":${value}`;
  });
  return `{${entries.join(',')}}`;
}

function derivedFrom(row: AgentRow, config: string, tags: string): Readonly<Record<string, string>> {
  const { json, handle, contextWindow } = readLlmConfig(config);
  const limits = FILE_LIMITS.find(({ upTo }) => contextWindow <= upTo);
  const memory = `"agent_type":${JSON.stringify(row.agent_type)},"git_enabled":${tags.includes('"git-memory-enabled"')}`;
  return {
    llm_config: json,
    model: handle,
    memory: `{${memory},"blocks":[],"file_blocks":[],"prompt_template":""}`,
    tags,
    max_files_open: String(limits?.files),
    per_file_view_window_char_limit: String(limits?.characters),
  };
}
