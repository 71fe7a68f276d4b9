import type { Actors } from './actors.ts';
import { endingOf } from './script.ts';

/** What went wrong in a run that doesn't say it. */
const LOST = 'Connection to the worker was lost';

/** Makes the row of a step, without its times; the conversation, and with it the prompt, grows from step to step. */
export function stepRow(actors: Actors, id: string, at: number, steps: number) {
  const { run, random, model } = actors;
  const isLast = at === steps - 1;
  const { event, stepStatus, errorType } = endingOf(run);
  const hasUsage = !isLast || (event !== 'nothing' && stepStatus !== 'pending');
  const prompt = hasUsage ? 1_180 + at * random.between(180, 320) : 0;
  const completion = hasUsage ? random.between(18, 420) : 0;
  const cached = at > 0 && hasUsage && random.chance(0.7) ? Math.floor(prompt * 0.8) : null;
  const reasoning = hasUsage && actors.reasoning !== 'none' ? Math.floor(completion / 2) : null;
  return {
    id,
    organization_id: run.organization_id,
    run_id: run.id,
    agent_id: run.agent_id,
    provider_name: 'openai',
    provider_category: 'base',
    model,
    model_handle: `openai/${model}`,
    model_endpoint: 'https://api.openai.com/v1',
    context_window_limit: 128_000,
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    cached_input_tokens: cached,
    reasoning_tokens: reasoning,
    prompt_tokens_details: cached && {
      cached_tokens: cached,
      cache_read_tokens: null,
      cache_creation_tokens: null,
    },
    completion_tokens_details: reasoning && { reasoning_tokens: reasoning },
    stop_reason: isLast ? run.stop_reason : null,
    tags: random.chance(0.1) ? ['reviewed', actors.scenario.channel] : [],
    trace_id: random.uuid().replaceAll('-', ''),
    feedback: random.chance(0.03) ? random.pick(['positive', 'negative'] as const) : null,
    status: isLast ? stepStatus : 'success',
    error_type: isLast ? (errorType ?? null) : null,
    error_data: isLast && errorType !== undefined ? { message: actors.failure ?? LOST } : null,
  };
}
