import { Pool } from 'undici';
import { median } from './figures.ts';

/** One HTTP request, made over and over. */
export interface Ask {
  readonly path: string;
  /** A GraphQL request; without one it is a GET. */
  readonly body?: string;
  /** How the answer is to be compressed. */
  readonly encoding?: 'gzip' | 'zstd';
}

export interface LoadOptions {
  readonly connections: number;
  /** Whichever comes first. */
  readonly seconds?: number;
  readonly requests?: number;
  /** Bytes that each answer must have: it was checked once, and doesn't change. */
  readonly bytes?: number;
}

export interface Load {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
}

/** Asks on each connection again as soon as it is answered. @throws Error for an answer that is none. */
export async function runLoad(url: string, ask: Ask, options: LoadOptions): Promise<Load> {
  const { connections, seconds = Infinity, requests = Infinity, bytes } = options;
  await using pool = disposable(new Pool(url, { connections, pipelining: 1 }));
  const times: number[] = [];
  let left = requests;
  const start = performance.now();
  const end = start + seconds * 1000;
  const loop = async (connection: number): Promise<void> => {
    // A caller of its own for each: the gateway would make one request of equal ones of one caller.
    const authorization = `Bearer caller-${connection}`;
    while (left > 0 && performance.now() < end) {
      left -= 1;
      const asked = performance.now();
      const answer = await askOnce(pool.value, ask, authorization);
      times.push(performance.now() - asked);
      if (bytes !== undefined && answer.byteLength !== bytes) {
        throw new Error(`${url} answered under load with ${Buffer.from(answer).toString().slice(0, 300)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, connection) => loop(connection)));
  const took = (performance.now() - start) / 1000;
  return { requests: times.length, perSecond: times.length / took, p50Ms: median(times) };
}

/** @throws Error for any other status than 200. */
export async function askOnce(
  pool: Pool,
  { path, body, encoding }: Ask,
  authorization?: string,
): Promise<ArrayBuffer> {
  const { statusCode, body: answer } = await pool.request(
    body === undefined
      ? { method: 'GET', path, headers: { ...(authorization !== undefined && { authorization }) } }
      : {
          method: 'POST',
          path,
          body,
          headers: {
            'content-type': 'application/json',
            accept: ACCEPT,
            ...(encoding && { 'accept-encoding': encoding }),
            ...(authorization !== undefined && { authorization }),
          },
        },
  );
  const bytes = await answer.arrayBuffer();
  if (statusCode !== 200) {
    throw new Error(`${path} answered ${statusCode}: ${Buffer.from(bytes).toString().slice(0, 500)}`);
  }
  return bytes;
}

const ACCEPT = 'application/graphql-response+json, application/json';

export function disposable(pool: Pool): AsyncDisposable & { value: Pool } {
  return { value: pool, [Symbol.asyncDispose]: () => pool.close() };
}
