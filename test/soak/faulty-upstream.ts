import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../embedded-api/samples/random.ts';
import { serve } from '../support/serve.ts';

/** Fails instead of giving the right answer, in a way that can't be taken for one. */
type Fault = (response: ServerResponse, body: string, random: Random) => unknown;

const JSON_TYPE = { 'content-type': 'application/json' };
const WRONG_SHAPES = ['null', '4711', '{}', '{"runs":[]}', '[null]', '[{"id":1,"agent_id":2}]'] as const;
const answer = (status: number, body = '{"detail":"An unknown error occurred"}', headers = {}): Fault => {
  return (response) => response.writeHead(status, { ...JSON_TYPE, ...headers }).end(body);
};
const half = (text: string): string => text.slice(0, Math.ceil(text.length / 2));

/** Changes the rows of a list. What is no list of two rows or more would not change: it fails with 500. */
function rearranged(rearrange: (rows: readonly unknown[]) => readonly unknown[]): Fault {
  return (response, body, random) => {
    const rows: unknown = JSON.parse(body);
    if (!Array.isArray(rows) || rows.length < 2) return answer(500)(response, body, random);
    return response.writeHead(200, JSON_TYPE).end(JSON.stringify(rearrange(rows)));
  };
}

const FAULTS: readonly [Fault, ...Fault[]] = [
  answer(500),
  answer(502, '<html><h1>Bad Gateway</h1></html>', { 'content-type': 'text/html' }),
  answer(503, undefined, { 'retry-after': '1' }),
  answer(429, undefined, { 'retry-after': '0' }),
  // A reset before the answer, and within it.
  (response) => response.socket?.resetAndDestroy(),
  (response, body) => {
    response.writeHead(200, { ...JSON_TYPE, 'content-length': Buffer.byteLength(body) });
    response.write(half(body), () => response.socket?.resetAndDestroy());
  },
  // Silence, and an answer that never ends.
  () => undefined,
  (response) => response.writeHead(200, JSON_TYPE).write('['),
  (response, body) => response.writeHead(200, JSON_TYPE).end(half(body)),
  (response, body) => response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(body),
  (response, body, random) => answer(200, random.pick(WRONG_SHAPES))(response, body, random),
  rearranged((rows) => [...rows.slice(0, 1), ...rows]),
  rearranged((rows) => rows.toReversed()),
];

/** Starts a server in front of a runs API, which delays its answers, and fails the share `failing` of them until it is mended. */
export async function startFaultyUpstream(target: string, failing: number, random: Random) {
  const counts = { asked: 0, failed: 0 };
  let share = failing;
  const served = await serve(async ({ url = '' }, response) => {
    const fault = random.chance(share) ? random.pick(FAULTS) : undefined;
    counts.asked++;
    if (fault !== undefined) counts.failed++;
    await sleep(random.between(0, 20));
    const right = await fetch(target + url);
    const body = await right.text();
    return (fault ?? answer(right.status, body))(response, body, random);
  });
  return { ...served, counts, mend: () => void (share = 0) };
}
