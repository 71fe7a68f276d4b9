import type { ServerResponse } from 'node:http';
import type { Random } from '../../embedded-api/samples/random.ts';

/** One request to the runs API, and what the API says to it. */
interface Exchange {
  readonly response: ServerResponse;
  readonly random: Random;
  readonly answer: UpstreamAnswer;
}

interface UpstreamAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Fails one exchange in a certain way. */
type Fault = (exchange: Exchange) => void;

/** Milliseconds between two bytes of a slow answer. */
const DRIP_MS = 50;
const JSON_TYPE = { 'content-type': 'application/json' } as const;
const DETAIL = '{"detail":"An unknown error occurred"}';

const WRONG_SHAPES = [
  'null',
  '"runs"',
  '4711',
  '{}',
  '{"runs":[]}',
  '[null]',
  '[[]]',
  '[{"id":"run-00000000-0000-4000-8000-000000000000"}]',
  '[{"id":1,"agent_id":2,"created_at":3}]',
] as const;

const WITH_RETRY_AFTER = ['0', '1', '30'] as const;

/** Every way in which the proxy fails, by name. None of them can be taken for the right answer. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  '500': fixed(500, DETAIL),
  '502 with a page': fixed(502, '<html><h1>Bad Gateway</h1></html>', { 'content-type': 'text/html' }),
  '503': fixed(503, DETAIL),
  '503 with Retry-After': (exchange) =>
    fixed(503, DETAIL, { 'retry-after': exchange.random.pick(WITH_RETRY_AFTER) })(exchange),
  '429 with Retry-After 0': fixed(429, DETAIL, { 'retry-after': '0' }),
  'a reset before the answer': ({ response }) => void response.socket?.resetAndDestroy(),
  'a reset within the body': ({ response, answer }) => {
    response.writeHead(200, { ...JSON_TYPE, 'content-length': Buffer.byteLength(answer.body) });
    response.write(half(answer.body), () => response.socket?.resetAndDestroy());
  },
  silence() {},
  'a slow drip': ({ response }) => {
    response.writeHead(200, JSON_TYPE).write('[');
    const timer = setInterval(() => {
      // It may have been closed before this began.
      if (response.closed) clearInterval(timer);
      else response.write(' ');
    }, DRIP_MS);
  },
  'half a JSON': ({ response, answer }) => response.writeHead(200, JSON_TYPE).end(half(answer.body)),
  'another shape': (exchange) => fixed(200, exchange.random.pick(WRONG_SHAPES))(exchange),
  'repeated rows': rearranged((rows) => [...rows.slice(0, 1), ...rows]),
  'rows out of order': rearranged((rows) => rows.toReversed()),
  'gzip that is none': ({ response, answer }) =>
    response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(answer.body),
};

function fixed(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Fault {
  return ({ response }) => response.writeHead(status, { ...JSON_TYPE, ...headers }).end(body);
}

/** Changes the rows of a list. What is no list of two rows or more would not change: it fails with 500. */
function rearranged(rearrange: (rows: readonly unknown[]) => readonly unknown[]): Fault {
  return (exchange) => {
    const rows: unknown = JSON.parse(exchange.answer.body);
    if (!Array.isArray(rows) || rows.length < 2) return fixed(500, DETAIL)(exchange);
    return fixed(200, JSON.stringify(rearrange(rows)))(exchange);
  };
}

function half(text: string): string {
  return text.slice(0, Math.ceil(text.length / 2));
}
