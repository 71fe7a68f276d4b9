import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';

// A language model for the agents that the contract suite makes on a real server: an OpenAI-compatible API that needs no
// account. `node test/contract/fake-model.ts --port 9797`; its address for Letta is then http://127.0.0.1:9797/v1.

interface ChatMessage {
  readonly role: string;
  readonly content?: unknown;
}

interface ChatRequest {
  readonly model?: string;
  readonly stream?: boolean;
  readonly messages?: readonly ChatMessage[];
}

const { port = '9797' } = parseArgs({ options: { port: { type: 'string' } } }).values;
let answers = 0;

/** `call=NAME,NAME` in the last message of the user calls these tools; what they returned, and all else, is replied to. */
function reply(messages: readonly ChatMessage[]) {
  answers += 1;
  const asked = messages.findLastIndex(({ role }) => role === 'user');
  const input = JSON.stringify(messages[asked]?.content ?? '');
  const hasReturned = messages.slice(asked + 1).some(({ role }) => role === 'tool');
  const names = hasReturned ? undefined : /\bcall=([\w,]+)/.exec(input)?.[1]?.split(',');
  if (names === undefined) return { message: { role: 'assistant', content: 'done' }, finish_reason: 'stop' };
  const tool_calls = names.map((name, index) => {
    const call = { name, arguments: JSON.stringify({ x: `v${index}` }) };
    return { index, id: `call_${process.pid}_${answers}_${index}`, type: 'function', function: call };
  });
  return { message: { role: 'assistant', content: null, tool_calls }, finish_reason: 'tool_calls' };
}

async function respond(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { model = 'fake', stream, messages = [] }: ChatRequest = JSON.parse((await text(incoming)) || '{}');
  const head = { id: `chatcmpl-${answers}`, created: 1, model };
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
  if (incoming.url?.endsWith('/models')) {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ object: 'list', data: [{ id: model, object: 'model' }] }));
    return;
  }
  const { message, finish_reason } = reply(messages);
  if (!stream) {
    const choices = [{ index: 0, message, finish_reason }];
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...head, object: 'chat.completion', choices, usage }));
    return;
  }
  response.setHeader('content-type', 'text/event-stream');
  const chunks = [
    { choices: [{ index: 0, delta: message, finish_reason: null }] },
    { choices: [{ index: 0, delta: {}, finish_reason }] },
    { choices: [], usage },
  ].map((chunk) => JSON.stringify({ ...head, object: 'chat.completion.chunk', ...chunk }));
  response.end([...chunks, '[DONE]'].map((chunk) => `data: ${chunk}\n\n`).join(''));
}

const server = createServer((incoming, response) => void respond(incoming, response));
server.listen(Number(port), () => process.stdout.write(`Listens on port ${port}.\n`));
