import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-sse';
import { Pool } from 'undici';
import { dial, post, type Target } from './wire.ts';

/** What became of the requests of one kind. */
export interface Tally {
  /** Milliseconds from the request (or change) to the whole answer (or event). */
  readonly times: number[];
  /** Why others failed, or were answered with errors. */
  readonly failures: string[];
}

const QUERY = 'query Page($first: Int) { runs(first: $first) { nodes { id status agentId createdAt } } }';
const EVENTS = 'subscription Events($after: String) { runEvents(after: $after) { kind runId cursor } }';
/** A page of about a megabyte. */
const LARGE =
  '{ runs(first: 1000) { nodes { id status metadata requestConfig { messageTypes: includeReturnMessageTypes } a: metadata b: metadata createdAt } } }';
/** A query that has no answer by then has failed. */
const PATIENCE_MS = 10_000;

/** Asks for a page so often, answered or not the one before. */
export async function askOften({ url, token, signal }: Target, everyMs: number): Promise<Tally> {
  await using stack = new AsyncDisposableStack();
  const pool = new Pool(url, {
    connections: 100,
    headersTimeout: PATIENCE_MS,
    bodyTimeout: PATIENCE_MS,
  });
  stack.defer(() => pool.destroy());
  const tally: Tally = { times: [], failures: [] };
  const pending: Promise<void>[] = [];
  const body = JSON.stringify({ query: QUERY, variables: { first: 10 } });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const ask = async (): Promise<void> => {
    const start = performance.now();
    try {
      const answer = await pool.request({
        method: 'POST',
        path: '/graphql',
        body,
        headers,
        signal: AbortSignal.timeout(2 * PATIENCE_MS),
      });
      const text = await answer.body.text();
      const { data, errors }: { data?: { runs: { nodes: unknown[] } }; errors?: unknown } = JSON.parse(text);
      if (errors !== undefined || data?.runs.nodes.length !== 10) throw new Error(text.slice(0, 300));
      tally.times.push(performance.now() - start);
    } catch (error) {
      tally.failures.push(String(error));
    }
  };
  for (let next = performance.now(); !signal.aborted; next += everyMs) {
    pending.push(ask());
    await sleep(Math.max(0, next + everyMs - performance.now()));
  }
  await Promise.all(pending);
  return tally;
}

/** A subscription that goes on after its last event when it ends, as clients do. */
export interface Watcher {
  /** Milliseconds since 1970 at which each run was told of. */
  readonly told: ReadonlyMap<string, number>;
  /** Why it had to begin again. */
  readonly ends: readonly string[];
  /** Resolves when it is over. */
  readonly done: Promise<void>;
}

/** Watches all runs. @param after the cursor of an event or the id of a run to begin behind */
export function watch({ url, token, signal }: Target, after: string): Watcher {
  const told = new Map<string, number>();
  const ends: string[] = [];
  const follow = async (): Promise<void> => {
    const headers = { authorization: `Bearer ${token}` };
    const client = createClient({ url: `${url}/graphql`, headers, retryAttempts: 0 });
    signal.addEventListener('abort', () => client.dispose(), { once: true });
    let cursor = after;
    while (!signal.aborted) {
      try {
        const events = client.iterate<{ runEvents: { runId: string; cursor: string } }>({
          query: EVENTS,
          variables: { after: cursor },
        });
        for await (const { data, errors } of events) {
          if (errors !== undefined) throw new Error(JSON.stringify(errors));
          if (!data) continue;
          cursor = data.runEvents.cursor;
          told.set(data.runEvents.runId, Date.now());
        }
        ends.push('complete');
      } catch (error) {
        ends.push(error instanceof Error ? error.message : JSON.stringify(error));
      }
      await sleep(250);
    }
  };
  return { told, ends, done: follow() };
}

/** Reads large pages one after the other, slowly. */
export async function readSlowly(target: Target, bytesPerSecond: number): Promise<Tally> {
  const tally: Tally = { times: [], failures: [] };
  const request = post(target.token, JSON.stringify({ query: LARGE }));
  while (!target.signal.aborted) {
    const start = performance.now();
    const read = await readOnce(target, request, bytesPerSecond).catch((error: unknown) => String(error));
    if (read === 'whole') tally.times.push(performance.now() - start);
    else if (!target.signal.aborted) tally.failures.push(read);
    await sleep(100);
  }
  return tally;
}

/** How many times a second something is read. */
const READS = 10;

/** Returns `whole`, or what was read instead. */
async function readOnce(target: Target, request: string, bytesPerSecond: number): Promise<string> {
  const socket = await dial(target);
  socket.pause();
  socket.write(request.replace('\r\n', '\r\nconnection: close\r\n'));
  const chunks: Buffer[] = [];
  const ended = once(socket, 'end').then(() => true);
  ended.catch(() => undefined);
  while (!socket.closed && !socket.readableEnded) {
    let left = bytesPerSecond / READS;
    for (let chunk: Buffer | null; left > 0 && (chunk = take(socket, left)) !== null; left -= chunk.length) {
      chunks.push(chunk);
    }
    await sleep(1000 / READS);
  }
  const text = Buffer.concat(chunks).toString();
  return text.includes('"data":{"runs"') && /\}(?:\r\n0\r\n\r\n)?$/.test(text) && !text.includes('"errors"')
    ? 'whole'
    : text.slice(0, 500) || 'closed without an answer';
}

/** Takes so many bytes from what has come; null if nothing has. */
function take(socket: { read(size?: number): Buffer | null; readonly readableLength: number }, most: number) {
  return socket.read(Math.max(1, Math.min(most, socket.readableLength)));
}
