import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causeOf, codeOf, lastFailedStep, lastToolError } from '../../src/runs/failures.ts';
import { decodeSteps } from '../../src/upstream/letta/decode/decode-items.ts';
import { decodeMessages } from '../../src/upstream/letta/decode/decode-messages.ts';
import { propertyRuns } from '../support/property-runs.ts';

/** What Letta 0.16.7 stores where a model provider answers 500: in metadata, of streams as an event, and in the step. */
const TEXT = "INTERNAL_SERVER_ERROR: OpenAI API error: Error code: 500 - {'error': {'message': 'x'}}";
const EVENT = { error_type: 'llm_error', message: 'An error occurred.', detail: TEXT };
const NO_DETAIL = { message: 'boom', detail: ' ' };
const TRACEBACK = 'Traceback (most recent call last):\n  line 1\n\r  KeyError:\t1\n';
const STEP = { status: 'failed', stop_reason: 'llm_api_error', error_type: 'LLMServerError' };
const PROVIDER = { ...STEP, error_data: { message: TEXT, traceback: TRACEBACK } };
const CRASH = { ...STEP, stop_reason: 'error', error_type: 'IndexError' };
const UNREAD = 'UNREAD';
const NO_CALL = 'The agent was required to call a tool but did not.';
const unknown = (reason: string) => `The runs API does not say why (stop reason: ${reason}).`;

/** A run with an error in its metadata, and a step, which is not read where it is not needed. */
function failed(error: unknown, stopReason: string | null, step?: object | typeof UNREAD) {
  const readStep = async () => {
    if (step === UNREAD) throw new Error('The step was read');
    return lastFailedStep(decodeSteps(step ? [{ id: 'step-1', ...step }] : []));
  };
  return { run: { id: 'run-1', metadata: { error }, stopReason }, readStep };
}

describe('Why a run failed', () => {
  it.each([
    ['METADATA', TEXT, failed(TEXT, null, UNREAD)],
    ['METADATA', TEXT, failed(EVENT, 'error', UNREAD)],
    ['METADATA', 'boom', failed(NO_DETAIL, null, UNREAD)],
    ['METADATA', 'KeyError: 1', failed(TRACEBACK, null, UNREAD)],
    ['STEP', TEXT, failed({ code: 5 }, 'llm_api_error', PROVIDER)],
    ['STEP', 'LLMServerError', failed(undefined, null, STEP)],
    ['STOP_REASON', 'The run reached its maximum number of steps.', failed(undefined, 'max_steps')],
    ['STOP_REASON', NO_CALL, failed('\n', 'no_tool_call', { status: 'failed' })],
    ['STOP_REASON', unknown('error'), failed(undefined, 'error')],
    ['STOP_REASON', unknown('end_turn'), failed(undefined, 'end_turn')],
    ['STOP_REASON', unknown('none'), failed(undefined, null)],
  ])('is known by its %s: %s', async (source, message, run) => {
    expect(await causeOf(run)).toEqual({ source, message });
  });

  it('is not guessed where the step can not be read', async () => {
    await expect(causeOf(failed(undefined, 'max_steps', UNREAD))).rejects.toThrow('The step was read');
  });

  it.each([
    ['LLM_API_ERROR', failed(undefined, 'llm_api_error', UNREAD)],
    // The same failure without streaming, and in the background.
    ['LLM_API_ERROR', failed(TEXT, null, PROVIDER)],
    ['LLM_API_ERROR', failed(TEXT, 'error', PROVIDER)],
    ['IndexError', failed(undefined, 'error', CRASH)],
    ['ERROR', failed(TEXT, 'error')],
    ['FLUX_LOW', failed(TEXT, 'flux_low')],
    ['IndexError', failed(TEXT, 'end_turn', CRASH)],
    [null, failed(TEXT, 'end_turn')],
    [null, failed(TEXT, null)],
  ])('has the code %s', async (code, run) => {
    expect(await codeOf(run)).toBe(code);
  });

  it('is one line, whatever is stored', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r', ' ', '\u2028', '😀'), maxLength: 700 });
    const start = fc.constantFrom('', 'Traceback (');
    const error = fc.oneof(
      fc.jsonValue(),
      fc.tuple(start, text).map((parts) => parts.join('')),
    );
    const property = fc.asyncProperty(error, async (stored) => {
      const { message } = await causeOf(failed(stored, null));
      expect(message).toMatch(/^\S(?:.{0,298}\S)?$/);
      expect(message.isWellFormed()).toBe(true);
    });
    await fc.assert(property, { numRuns: propertyRuns(300) });
  });
});

it('The last step that failed is found by its status, or the type of its error', () => {
  const rows = [{ status: 'failed' }, { error_type: 'LLMError' }, { status: 'success', error_data: {} }];
  const steps = decodeSteps(rows.map((row, at) => ({ id: `step-${at}`, ...row })));
  const found = [0, 1, 2, 3].map((length) => lastFailedStep(steps.slice(0, length))?.index);
  expect(found).toEqual([undefined, 0, 1, 1]);
});

const call = (name: string, tool_call_id: string) => {
  return { message_type: 'tool_call_message', tool_calls: [{ name, arguments: '{}', tool_call_id }] };
};
const returned = (name: string | null, ...tool_returns: readonly object[]) => {
  return { message_type: 'tool_return_message', name, tool_returns };
};
const result = (number: number, tool_return: unknown, status = 'error', stderr?: readonly string[]) => {
  return { tool_call_id: `call-${number}`, tool_return, status, stderr };
};
const [calls, done] = [[call('find', 'call-1'), call('send', 'call-2')], result(1, 'x', 'success')];
const two = [...calls, returned('find', result(1, 'a'), result(2, 'b\nc')), returned('find', done)];
const onStderr = [returned(null, result(2, [], 'error', ['KeyError']))];

it.each([
  ['is that of the last call that failed', two, ['send', 'b']],
  ['can be of a call of another run', [returned('find', result(1, 'a'))], ['find', 'a']],
  ['is never given a name by chance', [returned('find', done, result(2, 'a'))], [null, 'a']],
  ['can be on the error output', onStderr, [null, 'KeyError']],
  ['can have no text', [returned('x', result(2, null))], ['x', null]],
  ['is null without one', [...calls, returned('find', done)], []],
])('The last error of a tool %s', (_name, messages, [toolName, message]) => {
  const error = message === undefined ? null : { toolName, message };
  const rows = messages.map((row, at) => ({ id: `message-${at}`, ...row }));
  expect(lastToolError(decodeMessages(rows))).toEqual(error);
});
