import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { readEventStream } from '../../src/cli/tail/event-stream.ts';
import { BUSY_AGENT } from './runs.ts';

/** What one stream has received, over all its connections. */
export interface StreamTally {
  /** The status of each run, as the last event of it said. */
  readonly statuses: Map<string, string>;
  events: number;
  /** Events that were no news. */
  readonly repeated: string[];
  /** When it was told that the gateway is about to end. */
  readonly drainedAt: number[];
  /** Other reasons for which it ended, or did not begin. */
  readonly ended: string[];
}

interface Result {
  readonly data?: { readonly runEvents: RunEvent } | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string; readonly cursor?: string } }[];
}

interface RunEvent {
  readonly kind: string;
  readonly runId: string;
  readonly cursor: string;
  readonly run: { readonly status: string } | null;
}

/** Yields results until a connection ends. */
type Open = (variables: Record<string, unknown>, signal: AbortSignal) => AsyncIterable<Result>;

const QUERY = `subscription ($agent: ID!, $after: String) {
  runEvents(agentId: $agent, after: $after) { kind runId cursor run { status } }
}`;
const PAUSE_MS = 100;

/** Watches the busy agent's runs that come behind one, and goes on after each end, until a signal aborts. */
export function watch(open: Open, start: string, signal: AbortSignal): StreamTally {
  const tally: StreamTally = { statuses: new Map(), events: 0, repeated: [], drainedAt: [], ended: [] };
  let after = start;
  const apply = ({ data, errors }: Result): void => {
    const event = data?.runEvents;
    if (event !== undefined) {
      tally.events += 1;
      after = event.cursor;
      const status = event.run?.status ?? 'REMOVED';
      const before = tally.statuses.get(event.runId);
      const isNews = before !== status && (event.kind === 'ADDED') === (before === undefined);
      // The last event of a run brings its duration, with the status that it had.
      const isEnd = event.kind === 'UPDATED' && before === status && status === 'FAILED';
      if (!isNews && !isEnd) tally.repeated.push(`${event.kind} ${event.runId} ${status} after ${before}`);
      tally.statuses.set(event.runId, status);
    }
    for (const { extensions } of errors ?? []) {
      after = extensions?.cursor ?? after;
      if (extensions?.code === 'SUBSCRIPTION_DRAINED') tally.drainedAt.push(performance.now());
      else tally.ended.push(String(extensions?.code));
    }
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        for await (const result of open({ agent: BUSY_AGENT, after }, signal)) apply(result);
      } catch (error) {
        const errors: unknown = Array.isArray(error) ? error : undefined;
        if (errors === undefined) tally.ended.push(reasonOf(error));
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Errors of GraphQL, as clients of WebSockets throw them.
        else apply({ errors: errors as NonNullable<Result['errors']> });
      }
      if (!signal.aborted) await sleep(PAUSE_MS);
    }
  };
  void run();
  return tally;
}

function reasonOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error)
    return `closed with ${String(error.code)}`;
  return String(error instanceof Error && error.cause !== undefined ? error.cause : error);
}

/** By server-sent events. */
export function overEvents(url: string, caller: string): Open {
  return async function* (variables, signal) {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        authorization: `Bearer ${caller}`,
      },
      body: JSON.stringify({ query: QUERY, variables }),
      signal,
    });
    if (response.status !== 200 || response.body === null) {
      const text = await response.text();
      throw new Error(`${response.status} ${text.slice(0, 200)}`);
    }
    for await (const part of readEventStream(response.body)) {
      if (part.type === 'event' && part.name === 'next') yield JSON.parse(part.data);
    }
  };
}

/** By WebSockets, over a connection that several streams share. */
export function overWebSocket(client: Client): Open {
  return (variables, signal) => {
    const results = client.iterate({ query: QUERY, variables });
    signal.addEventListener('abort', () => void results.return?.(), { once: true });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- What was selected.
    return results as unknown as AsyncIterable<Result>;
  };
}

/** @param sendsHeader whether it sends its credentials with the upgrade, as browsers can't, or in the first message */
export function webSocketClient(url: string, caller: string, sendsHeader: boolean): Client {
  const headers = { authorization: `Bearer ${caller}` };
  class WithHeaders extends WebSocket {
    constructor(address: string, protocols: string[]) {
      super(address, protocols, { headers });
    }
  }
  return createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: sendsHeader ? WithHeaders : WebSocket,
    ...(!sendsHeader && { connectionParams: headers }),
    retryAttempts: 0,
  });
}
