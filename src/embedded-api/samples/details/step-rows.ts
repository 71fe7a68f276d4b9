import type { NewStep, NewStepMetrics } from '../../model/step.ts';
import type { Cast } from './cast.ts';
import { endingOf } from './plot.ts';
import type { Timeline } from './timeline.ts';

/** The parts of a step's time that the model and the tool take. */
const MODEL_PART = 0.7;
const TOOL_PART = 0.2;

/** Makes the row of a step; the conversation, and with it the prompt, grows from step to step. */
export function stepRow(cast: Cast, id: string, at: number, steps: number, timeline: Timeline): NewStep {
  const { run, random, model } = cast;
  const isLast = at === steps - 1;
  const { event, stepStatus, errorType } = endingOf(run.status, run.stop_reason);
  const hasUsage = !isLast || (event !== 'nothing' && stepStatus !== 'pending');
  const prompt = hasUsage ? 1_180 + at * random.between(180, 320) : 0;
  const completion = hasUsage ? random.between(18, 420) : 0;
  const cached = at > 0 && hasUsage && random.chance(0.7) ? Math.floor(prompt * 0.8) : null;
  const reasoning = hasUsage && cast.reasoning !== 'none' ? Math.floor(completion / 2) : null;
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
    tags: random.chance(0.1) ? ['reviewed', cast.story.channel] : [],
    trace_id: random.uuid().replaceAll('-', ''),
    feedback: random.chance(0.03) ? random.pick(['positive', 'negative']) : null,
    status: isLast ? stepStatus : 'success',
    error_type: isLast ? (errorType ?? null) : null,
    error_data: isLast && errorType !== undefined ? errorData(cast, errorType) : null,
    created_at: timeline.at(at, 0),
  };
}

function errorData({ failure = 'Connection to the worker was lost' }: Cast, errorType: string): unknown {
  const traceback = `Traceback (most recent call last):\n  File "agent_loop.py", line 412, in step\n${errorType}: ${failure}`;
  return { message: failure, traceback };
}

/** Makes the metrics of a step that has ended. */
export function stepMetricsRow({ run }: Cast, id: string, at: number, timeline: Timeline): NewStepMetrics {
  const nanoseconds = (part: number): number => Math.floor(part * timeline.stepMicros) * 1000;
  return {
    id,
    organization_id: run.organization_id,
    run_id: run.id,
    agent_id: run.agent_id,
    step_start_ns: timeline.startNs(at),
    llm_request_start_ns: timeline.startNs(at) + 1_500_000n,
    llm_request_ns: nanoseconds(MODEL_PART),
    tool_execution_ns: nanoseconds(TOOL_PART),
    step_ns: nanoseconds(1),
  };
}
