import { expect } from 'vitest';
import type { Observed } from './observe.ts';

/** What came with a release of Letta; whatever isn't here is in all that are served. */
const SINCE: Readonly<Record<string, string>> = {
  'a limit up to 1000': '0.14.0',
  'a limit from 1': '0.15.0',
  'an outcome for each run to cancel': '0.16.1',

  'runs?conversation_id': '0.16.2',
  'runs?stop_reason=max_tokens_exceeded': '0.16.1',
  'runs?stop_reason=context_window_overflow_in_system_prompt': '0.16.1',
  'runs?stop_reason=insufficient_credits': '0.16.5',
  'internal?start_date': '0.14.0',
  'internal?end_date': '0.14.0',

  'run.base_template_id': '0.13.0',
  'run.conversation_id': '0.16.2',
  'agent.model': '0.14.0',
  'agent.last_stop_reason': '0.14.0',
  'step.prompt_tokens_details': '0.16.1',
  'step.request_id': '0.16.2',
  'step.model_handle': '0.16.5',
  'step.cached_input_tokens': '0.16.5',
  'step.cache_write_tokens': '0.16.5',
  'step.reasoning_tokens': '0.16.5',
};

/** As much of a server as says what it has. */
type Known = Pick<Observed, 'version'> & Partial<Pick<Observed, 'target'>>;

/** Whether a server has something that not all of them have. One without a version has everything. */
export function has({ version }: Known, what = ''): boolean {
  const since = SINCE[what];
  return since === undefined || version === undefined || order(version, since) >= 0;
}

/** For `context.skip`: whether something is not there, or not to be tried, and why. */
export function lacks(observed: Known, what = ''): [boolean, string] {
  const leftOut = observed.target?.leftOut?.[what];
  if (leftOut !== undefined) return [true, leftOut];
  return [!has(observed, what), `Letta ${observed.version}: ${what} came with ${SINCE[what]}`];
}

/** Of names those that a server has. @param of what they are names of, such as `run.` */
export function known<Name extends string>(
  observed: Known,
  of: string,
  names: readonly Name[],
): readonly Name[] {
  return names.filter((name) => has(observed, of + name));
}

/** A 422 that tells a problem, such as one at `('query', 'limit')`. */
export function invalid(loc: string, more: object = {}): object {
  const detail = expect.stringContaining(`'loc': ${loc}`);
  return { status: 422, body: { trace_id: expect.any(String), detail, ...more } };
}

const order = new Intl.Collator('en', { numeric: true }).compare;
