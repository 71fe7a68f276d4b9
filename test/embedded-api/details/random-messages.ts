import * as fc from 'fast-check';
import type { NewMessage } from '../../../src/embedded-api/model/message.ts';

/** What a stored message is, from which the model knows its items. */
export interface Sketch {
  readonly kind:
    | 'user'
    | 'system'
    | 'summary'
    | 'thought'
    | 'call'
    | 'answer'
    | 'return'
    | 'answer return'
    | 'request'
    | 'decision';
}

export function randomMessages(maxLength: number): fc.Arbitrary<Sketch[]> {
  return fc.array(
    fc.record({
      kind: fc.constantFrom<Sketch['kind']>(
        'user',
        'system',
        'summary',
        'thought',
        'call',
        'answer',
        'return',
        'answer return',
        'request',
        'decision',
      ),
    }),
    { maxLength },
  );
}

const text = (value: string): object => ({ type: 'text', text: value });
const response = JSON.stringify({ status: 'OK', message: 'done', time: 'now' });
const call = (id: string, name: string): object => ({
  id,
  type: 'function',
  function: { name, arguments: '{"message":"hello"}' },
});
const returned = (id: string): Partial<NewMessage> => ({
  role: 'tool',
  tool_call_id: id,
  tool_returns: [{ tool_call_id: id, status: 'success', func_response: response }],
});

/** Answers and their returns are about one call, so that a return is hidden by any answer in its page. */
const COLUMNS: Readonly<Record<Sketch['kind'], Partial<NewMessage> & Pick<NewMessage, 'role'>>> = {
  user: { role: 'user', content: [text('hi')], otid: 'given' },
  system: { role: 'system', content: [text('be kind')] },
  summary: { role: 'summary', content: [text('{"type":"system_alert","message":"Earlier","time":"now"}')] },
  thought: {
    role: 'assistant',
    content: [
      { type: 'reasoning', is_native: true, reasoning: 'hm' },
      { type: 'redacted_reasoning', data: 'xx' },
      text('well'),
    ],
  },
  call: { role: 'assistant', content: [text('let me see')], tool_calls: [call('call-1', 'search')] },
  answer: { role: 'assistant', tool_calls: [call('call-2', 'send_message')] },
  return: { role: 'tool', ...returned('call-1') },
  'answer return': { role: 'tool', ...returned('call-2') },
  request: { role: 'approval', tool_calls: [call('call-3', 'delete_all')] },
  decision: { role: 'approval', approvals: [{ type: 'approval', tool_call_id: 'call-3', approve: true }] },
};

export function storedMessage({ kind }: Sketch, id: string, run_id: string): NewMessage {
  return { id, run_id, agent_id: 'agent-a', created_at: '2025-01-01T00:00:00Z', ...COLUMNS[kind] };
}
