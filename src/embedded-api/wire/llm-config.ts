import { orjson } from './orjson.ts';
import { type PythonValue, readPythonJson } from './python-json.ts';

/** The keys of Letta's `LLMConfig` in its order, each with what is sent for a missing one. */
const DEFAULTS: readonly (readonly [key: string, json: string])[] = [
  ['model', 'null'],
  ['display_name', 'null'],
  ['model_endpoint_type', '"openai"'],
  ['model_endpoint', 'null'],
  ['provider_name', 'null'],
  ['provider_category', 'null'],
  ['model_wrapper', 'null'],
  ['context_window', 'null'],
  ['put_inner_thoughts_in_kwargs', 'false'],
  ['handle', 'null'],
  ['temperature', '1.0'],
  ['max_tokens', 'null'],
  ['enable_reasoner', 'true'],
  ['reasoning_effort', 'null'],
  ['max_reasoning_tokens', '0'],
  ['effort', 'null'],
  ['frequency_penalty', 'null'],
  ['compatibility_type', 'null'],
  ['verbosity', 'null'],
  ['tier', 'null'],
  ['parallel_tool_calls', 'false'],
  ['response_format', 'null'],
  ['strict', 'true'],
  ['return_logprobs', 'false'],
  ['top_logprobs', 'null'],
  ['return_token_ids', 'false'],
  ['tool_call_parser', 'null'],
];

/** What Letta makes of the model's configuration of an agent. */
export interface LlmConfig {
  /** The whole of it, as JSON. */
  readonly json: string;
  /** The handle of the model, as JSON. */
  readonly handle: string;
  /** In tokens; the limits for files depend on it. */
  readonly contextWindow: number;
}

/** Reads a stored configuration, which must be an object; Letta's checks of its keys are left out. */
export function readLlmConfig(kept: string): LlmConfig {
  const value = readPythonJson(kept);
  const given: ReadonlyMap<string, PythonValue> = value instanceof Map ? value : new Map();
  const jsonOf = (key: string, fallback: string): string => {
    const own = given.get(key);
    return own === undefined ? fallback : orjson(own, 2);
  };
  return {
    json: `{${DEFAULTS.map(([key, fallback]) => `"${key}":${jsonOf(key, fallback)}`).join(',')}}`,
    handle: jsonOf('handle', 'null'),
    contextWindow: Number(jsonOf('context_window', '0')),
  };
}
