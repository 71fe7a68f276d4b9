import type { Socket } from 'node:net';
import { answerWith, type RawAnswer } from '../support/raw-upstream.ts';

/** Stands for whatever an upstream says that is none of a client's business. */
export const SECRET = 'actor-secret-4711';
const DETAIL = JSON.stringify({ detail: SECRET });
const HTML = `<!doctype html><title>${SECRET}</title>`;
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

export interface Fault {
  readonly name: string;
  readonly answer: RawAnswer;
  readonly code: string;
  readonly attempts: number;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;
}

const run = (n: number, rest: object = {}) => ({
  id: `run-0000000${n}-0000-4000-8000-000000000000`,
  agent_id: 'agent-1',
  created_at: `2025-01-01T00:00:0${n}Z`,
  status: 'completed',
  ...rest,
});

const rows = (...list: unknown[]): RawAnswer => answerWith(200, JSON.stringify(list));
const status = (code: number, headers: Record<string, string> = {}): RawAnswer =>
  answerWith(code, DETAIL, headers);
const page = (code: number): RawAnswer => answerWith(code, HTML, { 'content-type': 'text/html' });
const raw =
  (text: string, then: (socket: Socket) => void = () => undefined): RawAnswer =>
  (socket) => {
    socket.write(text, () => then(socket));
  };
const reset = (socket: Socket): void => void socket.resetAndDestroy();
const end = (socket: Socket): void => void socket.end();

/** Sends more and more until the other side has had enough. */
const endless =
  (chunk: string, everyMs: number): RawAnswer =>
  (socket) => {
    socket.write(`${HEAD}\r\n[`);
    const timer = setInterval(() => socket.write(chunk), everyMs);
    socket.on('close', () => clearInterval(timer));
  };

/** 300 MB as fast as they are taken. */
export const huge: RawAnswer = (socket) => {
  const chunk = ' '.repeat(1_000_000);
  let left = 300;
  socket.write(`${HEAD}content-length: 300000000\r\n\r\n`);
  const more = (): void => {
    while (left-- > 0) {
      if (!socket.write(chunk)) {
        socket.once('drain', more);
        return;
      }
    }
  };
  more();
};

const fault = (
  name: string,
  answer: RawAnswer,
  code: string,
  attempts: number,
  retryable: boolean,
  retryAfterSeconds?: number,
): Fault => ({
  name,
  answer,
  code,
  attempts,
  retryable,
  ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
});

const INVALID = 'UPSTREAM_INVALID_RESPONSE';
const UNAVAILABLE = 'UPSTREAM_UNAVAILABLE';
const REJECTED = 'UPSTREAM_REJECTED';

export const FAULTS: readonly Fault[] = [
  // What it answers.
  fault('400', status(400), REJECTED, 1, false),
  fault('401', status(401), 'UNAUTHENTICATED', 1, false),
  fault('402', status(402), REJECTED, 1, false),
  fault('403', status(403), 'FORBIDDEN', 1, false),
  fault('404 for the list', status(404), REJECTED, 1, false),
  fault('408', status(408), REJECTED, 3, true),
  fault('409', status(409), REJECTED, 1, true),
  fault('409 that says when', status(409, { 'retry-after': '0' }), REJECTED, 3, true, 0),
  fault('410', status(410), REJECTED, 1, false),
  fault('422', status(422), REJECTED, 1, false),
  fault('429', status(429), 'RATE_LIMITED', 1, true),
  fault('429 that says when', status(429, { 'retry-after': '0' }), 'RATE_LIMITED', 3, true, 0),
  fault('429 that says much later', status(429, { 'retry-after': '3600' }), 'RATE_LIMITED', 1, true, 3600),
  fault('429 that says nonsense', status(429, { 'retry-after': 'soon' }), 'RATE_LIMITED', 1, true),
  fault('500', status(500), 'UPSTREAM_ERROR', 3, true),
  fault('501', status(501), 'UPSTREAM_ERROR', 1, true),
  fault('502 with a page', page(502), UNAVAILABLE, 3, true),
  fault('503', status(503), UNAVAILABLE, 3, true),
  fault('503 that says much later', status(503, { 'retry-after': '3600' }), UNAVAILABLE, 1, true, 3600),
  fault('504', status(504), UNAVAILABLE, 3, true),
  fault('520 with a page', page(520), 'UPSTREAM_ERROR', 3, true),
  fault('526 with a page', page(526), 'UPSTREAM_ERROR', 3, true),
  fault('a redirect to itself', status(307, { location: '/v1/runs/' }), INVALID, 1, false),
  fault('a redirect elsewhere', status(302, { location: `http://${SECRET}.test/` }), INVALID, 1, false),
  fault('204', raw('HTTP/1.1 204 No Content\r\n\r\n'), INVALID, 1, false),
  fault('206', status(206), INVALID, 1, false),
  // How it breaks off.
  fault('a reset instead of an answer', (socket) => reset(socket), UNAVAILABLE, 3, true),
  fault('an end instead of an answer', (socket) => end(socket), UNAVAILABLE, 3, true),
  fault('a reset within the head', raw('HTTP/1.1 200 OK\r\ncontent-', reset), UNAVAILABLE, 3, true),
  fault(
    'a reset within the body',
    raw(`${HEAD}content-length: 100\r\n\r\n[{"id"`, reset),
    UNAVAILABLE,
    3,
    true,
  ),
  fault('a body shorter than told', raw(`${HEAD}content-length: 100\r\n\r\n[]`, end), UNAVAILABLE, 3, true),
  fault(
    'a chunk that never ends',
    raw(`${HEAD}transfer-encoding: chunked\r\n\r\n5\r\n[`, end),
    UNAVAILABLE,
    3,
    true,
  ),
  fault('silence', () => undefined, 'UPSTREAM_TIMEOUT', 1, true),
  fault('silence within the head', raw('HTTP/1.1 200 OK\r\n'), 'UPSTREAM_TIMEOUT', 1, true),
  fault('silence within the body', raw(`${HEAD}content-length: 100\r\n\r\n[`), 'UPSTREAM_TIMEOUT', 1, true),
  fault('a slow drip', endless(' ', 20), 'UPSTREAM_TIMEOUT', 1, true),
  // What it sends instead of runs.
  fault('something that is not HTTP', raw(`SSH-2.0-${SECRET}\r\n`), INVALID, 1, false),
  fault('a head that never ends', raw(`${HEAD}x: ${'x'.repeat(40_000)}\r\n\r\n[]`), INVALID, 1, false),
  fault(
    'a chunk of no size',
    raw(`${HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n[]\r\n`),
    INVALID,
    1,
    false,
  ),
  fault('a body longer than told', raw(`${HEAD}content-length: 1\r\n\r\n[]`), INVALID, 1, false),
  fault('an encoding that is none', answerWith(200, '[]', { 'content-encoding': 'gzip' }), INVALID, 1, false),
  fault('300 MB', huge, INVALID, 1, false),
  fault('nothing', answerWith(200, ''), INVALID, 1, false),
  fault('a page', page(200), INVALID, 1, false),
  fault('half a JSON', answerWith(200, '[{"id":"run-1"'), INVALID, 1, false),
  fault('an object', status(200), INVALID, 1, false),
  fault('a text', answerWith(200, JSON.stringify(SECRET)), INVALID, 1, false),
  fault('null', answerWith(200, 'null'), INVALID, 1, false),
  fault('a list of nulls', rows(null), INVALID, 1, false),
  fault('rows without ids', rows({ ...run(1), id: undefined }), INVALID, 1, false),
  fault('rows without agents', rows({ ...run(1), agent_id: null }), INVALID, 1, false),
  fault('rows without a time', rows(run(1, { created_at: null })), INVALID, 1, false),
  fault('metadata that is no object', rows(run(1, { metadata: SECRET })), INVALID, 1, false),
  fault('rows out of order', rows(run(1), run(2)), INVALID, 1, false),
  fault('repeated rows', rows(run(2), run(2)), INVALID, 1, false),
  fault('more rows than asked', rows(run(4), run(3), run(2), run(1)), INVALID, 1, false),
  fault('rows that do not match', rows(run(2, { status: 'failed' })), INVALID, 1, false),
];
