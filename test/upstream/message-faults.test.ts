import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { RUN_ID } from '../support/message-model.ts';
import { answerWith, type RawAnswer, type RawUpstream, startRawUpstream } from '../support/raw-upstream.ts';
import { SECRET } from './faults.ts';

const RUN = JSON.stringify({
  id: RUN_ID,
  agent_id: 'agent-1',
  created_at: '2026-01-01T00:00:00Z',
  status: 'failed',
});
const STEPS = `[{"id":"step-1","run_id":"${RUN_ID}"}]`;

/** What each part of the run is answered with, by the end of its path. */
let answers: Readonly<Record<string, RawAnswer>> = {};
let upstream: RawUpstream;
let gateway: Gateway;
beforeAll(async () => {
  upstream = await startRawUpstream((socket, request) => {
    const [, part = ''] = /\/v1\/runs\/[^/ ?]+\/?(\w*)/.exec(request.head) ?? [];
    (answers[part] ?? answerWith(404, '{}'))(socket, request);
  });
  gateway = await createGateway({
    upstreamUrl: upstream.baseUrl,
    upstreamTimeoutMs: 600,
    upstreamMaxBytes: 2000,
  });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const detail = JSON.stringify({ detail: SECRET });

const FAULTS: [name: string, code: string, answer: RawAnswer][] = [
  ['400 because of one bad row', 'UPSTREAM_REJECTED', answerWith(400, detail)],
  ['404', 'UPSTREAM_REJECTED', answerWith(404, detail)],
  ['500', 'UPSTREAM_ERROR', answerWith(500, detail)],
  ['no answer', 'UPSTREAM_TIMEOUT', () => undefined],
  ['more than it may be', 'UPSTREAM_INVALID_RESPONSE', answerWith(200, `["${SECRET.repeat(200)}"]`)],
  [
    'no JSON',
    'UPSTREAM_INVALID_RESPONSE',
    answerWith(200, `<html>${SECRET}`, { 'content-type': 'text/html' }),
  ],
  ['no list', 'UPSTREAM_INVALID_RESPONSE', answerWith(200, detail)],
];

const QUERY = `{ run(id: "${RUN_ID}") {
  id
  status
  steps { nodes { id messages { id } } }
  messages { nodes { id } }
} }`;

describe('Of a run', () => {
  it.each(FAULTS)(
    'messages that are answered with %s are null, and the rest stands',
    async (_name, code, answer) => {
      answers = { '': answerWith(200, RUN), steps: answerWith(200, STEPS), messages: answer };
      const response = await execute(gateway, QUERY);
      expect(response.data).toEqual({
        run: {
          id: RUN_ID,
          status: 'FAILED',
          steps: { nodes: [{ id: 'step-1', messages: null }] },
          messages: null,
        },
      });
      expect(response.errors?.map(({ path, extensions }) => [path, extensions?.['code']]).toSorted()).toEqual(
        [
          [['run', 'messages'], code],
          [['run', 'steps', 'nodes', 0, 'messages'], code],
        ],
      );
      expect(JSON.stringify(response)).not.toContain(SECRET);
    },
  );

  it('numbers of 64 bits in messages keep their digits', async () => {
    const items = `[{"message_type":"dream_message","n":9007199254740993},{"message_type":"event_message","event_data":{"n":-18446744073709551615}}]`;
    answers = { '': answerWith(200, RUN), messages: answerWith(200, items) };
    const query = `{ run(id: "${RUN_ID}") { messages { nodes { ... on RunUnrecognizedMessage { raw } ... on RunEventMessage { eventData } } } } }`;
    const request = new Request('http://gateway/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const text = await (await gateway.fetch(request)).text();
    expect(text).toContain('"raw":{"message_type":"dream_message","n":9007199254740993}');
    expect(text).toContain('"eventData":{"n":-18446744073709551615}');
  });

  it('what is new in messages is counted', async () => {
    const metrics = await gateway.fetch(new Request('http://gateway/metrics'));
    expect(await metrics.text()).toMatch(/upstream_drift_total\{kind="message_type"\} [1-9]/);
  });
});
