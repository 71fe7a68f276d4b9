import { type IncomingMessage, type ServerResponse } from 'node:http';
import { createRandom } from '../../embedded-api/samples/random.ts';
import { serve } from '../support/serve.ts';
import { FAULTS } from './faults.ts';

export interface FaultyProxyOptions {
  /** Root of the API behind it. */
  readonly target: string;
  /** Share of the requests that fail, 0 to 1. */
  readonly failing: number;
  readonly seed: number;
}

/** A server in front of a runs API, on loopback, that makes some of its answers fail. */
export interface FaultyProxy extends AsyncDisposable {
  readonly baseUrl: string;
  /** How many requests failed in which way. */
  readonly failures: ReadonlyMap<string, number>;
  /** All requests so far. */
  readonly requests: () => number;
}

export async function startFaultyProxy({ target, failing, seed }: FaultyProxyOptions): Promise<FaultyProxy> {
  const random = createRandom(seed);
  const failures = new Map(Object.keys(FAULTS).map((name) => [name, 0]));
  const faults = Object.entries(FAULTS);
  let requests = 0;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests++;
    const [name, fault] = faults[random.between(0, faults.length - 1)] ?? [];
    const fails = random.chance(failing);
    const answer = await fetch(new URL(request.url ?? '', target), { redirect: 'manual' });
    const [status, type] = [answer.status, answer.headers.get('content-type') ?? ''];
    const body = await answer.text();
    if (fails && name !== undefined && fault !== undefined) {
      failures.set(name, (failures.get(name) ?? 0) + 1);
      fault({ response, random, answer: { status, type, body } });
    } else {
      response.writeHead(status, { 'content-type': type }).end(body);
    }
  };

  const served = await serve(handle);
  return {
    ...served,
    failures,
    requests: () => requests,
  };
}
