import { once } from 'node:events';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { forAll } from '../support/for-all.ts';
import { openListening } from '../support/open-listening.ts';
import { NO_INIT, openSocket } from '../support/raw-socket.ts';

/** The server of graphql-ws, over the same `ws` and a part of the same schema. */
async function openReference() {
  const schema = buildSchema(
    'type Query { a: Int } type Subscription { runEvents: Event } type Event { kind: ID }',
  );
  const runEvents = async function* () {
    yield await new Promise(() => undefined);
  };
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const reference = useServer({ schema, roots: { subscription: { runEvents } }, isProd: true }, server);
  await once(server, 'listening');
  const { port } = Object(server.address());
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: async () => reference.dispose() };
}

const servers = [await forAll(openReference()), await forAll(openListening())];

const TYPENAME = '{ __typename }';
const PONG = { type: 'pong' };
const init = { type: 'connection_init' };
const subscribe = (id: unknown, query: unknown = TYPENAME, more: object = {}) => ({
  type: 'subscribe',
  id,
  payload: { query, ...more },
});
const watch = (id: string) => subscribe(id, 'subscription { runEvents { kind } }');
const complete = (id: unknown) => ({ type: 'complete', id });

/** The type of the message that ends the answer to one of a client. */
function endOf(message: unknown): RegExp | undefined {
  const { type, payload } = Object(message);
  if (type === 'connection_init') return /^connection_ack$/;
  if (type === 'ping') return /^pong$/;
  return type === 'subscribe' && !String(payload?.query).startsWith('subscription')
    ? /^(?:complete|error)$/
    : undefined;
}

/** What a server answers to messages, each sent when the one before was answered: messages, and how it closed. */
async function answersTo(url: string, messages: readonly unknown[]): Promise<readonly unknown[]> {
  await using socket = await openSocket(`${url}/graphql`, NO_INIT);
  const answers: unknown[] = [];
  for (const message of [...messages, { type: 'ping' }]) {
    socket.send(message);
    const end = endOf(message);
    for (let type = ''; end?.test(type) === false;) {
      const answer = await socket.next().catch(() => undefined);
      if (answer === undefined) return [...answers, await socket.closed, await socket.reason];
      // What the errors of an operation say is not a matter of the protocol.
      answers.push(answer.type === 'error' ? { ...answer, payload: answer.payload.length } : answer);
      ({ type } = answer);
    }
  }
  return answers;
}

const answersOfBoth = (messages: readonly unknown[]) =>
  Promise.all(servers.map(({ url }) => answersTo(url, messages)));

it.each<[what: string, ...messages: unknown[]]>([
  ['connection_init with headers, and null', { ...init, payload: { a: 'b' } }, { ...init, payload: null }],
  ['connection_init with a list', { ...init, payload: [] }],
  ['pings', { type: 'ping' }, { type: 'ping', payload: { a: [1] } }, { type: 'ping', payload: null }],
  ['pongs', { type: 'pong' }, { type: 'pong', payload: { a: 1 } }, { type: 'pong', payload: 1 }],
  ['an operation before connection_init', subscribe('1')],
  ['operations with the same id, one after the other', init, subscribe('1'), subscribe('1')],
  ['operations with the same id at once', init, watch('1'), watch('1')],
  ['operations with the id of one that was completed', init, watch('1'), complete('1'), subscribe('1')],
  ['operations beside a stream', init, watch('1'), subscribe('2'), subscribe('3', '{ nothing }')],
  ['the end of what is not open', complete('1'), init, complete('1'), subscribe('1'), complete('1')],
  ['an end with an empty id', init, complete('')],
  ['an operation without an id', init, subscribe(undefined)],
  ['an operation with a number for an id', init, subscribe(1)],
  ['operations with ids that objects have', init, subscribe('__proto__'), subscribe('constructor')],
  ['an operation without a document', init, subscribe('1', null)],
  ['an operation with nulls', init, subscribe('1', TYPENAME, { variables: null, extensions: null })],
  ['an operation with objects', init, subscribe('1', TYPENAME, { variables: {}, extensions: {} })],
  ['an operation with a list of variables', init, subscribe('1', TYPENAME, { variables: [] })],
  ['an operation with a number for its name', init, subscribe('1', TYPENAME, { operationName: 1 })],
  ['what is no JSON', '{'],
  ['what is no object', '[]'],
  ['no type', {}],
  ['an unknown type', { type: 'start' }],
  ['a type that is no text', { type: ['ping'] }],
])('graphql-ws and the gateway answer the same to %s', async (_what, ...messages) => {
  const [expected, answers] = await answersOfBoth(messages);
  expect(answers).toEqual(expected);
});

const ACK = { type: 'connection_ack' };
const INVALID = [4400, 'Invalid message received'];

it.each<[what: string, answers: unknown[], ...messages: unknown[]]>([
  ['a document that is none', [ACK, { id: '1', type: 'error', payload: 1 }, PONG], init, subscribe('1', '{')],
  ['connection_ack', INVALID, ACK],
  ['a result', [ACK, ...INVALID], init, { type: 'next', id: '1', payload: {} }],
  ['errors', [ACK, ...INVALID], init, { type: 'error', id: '1', payload: [{ message: '' }] }],
])('graphql-ws has an internal error, which the gateway has not, for %s', async (_what, own, ...messages) => {
  const printed = vi.spyOn(console, 'error').mockReturnValue();
  onTestFinished(() => printed.mockRestore());
  const [others, answers] = await answersOfBoth(messages);
  expect(others?.slice(-2)).toEqual([4500, 'Internal server error']);
  expect(answers).toEqual(own);
});

it('graphql-ws and the gateway close a connection without the subprotocol', async () => {
  const closed = servers.map(async ({ url }) => {
    const [code, reason] = await once(new WebSocket(`${url}/graphql`.replace('http', 'ws')), 'close');
    return [code, String(reason)];
  });
  const answer = [4406, 'Subprotocol not acceptable'];
  expect(await Promise.all(closed)).toEqual([answer, answer]);
});
