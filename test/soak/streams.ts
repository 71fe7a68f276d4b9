import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorCode } from '../../src/errors/error-codes.ts';
import type { Subscribe } from '../support/subscriber.ts';
import type { Replicas } from './replicas.ts';

/** The codes that clients may meet because the upstream fails. */
export const UPSTREAM_CODES = [
  'OVERLOADED',
  'RATE_LIMITED',
  'UPSTREAM_ERROR',
  'UPSTREAM_INVALID_RESPONSE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
] as const satisfies readonly ErrorCode[];

/** What is wrong with an error; undefined if nothing is. */
export function problemOfError(error: unknown, codes: readonly unknown[]): string | undefined {
  const { message, extensions } = Object(error);
  const types = [message, extensions?.requestId, extensions?.retryable].map((value) => typeof value).join();
  const isRight = types === 'string,string,boolean' && codes.includes(extensions.code);
  return isRight ? undefined : JSON.stringify(error);
}

interface RunEvent {
  readonly kind: string;
  readonly runId: string;
  readonly cursor: string;
  readonly run: { readonly status: string; readonly totalDurationNs: number | null };
}

const QUERY = `subscription ($agent: ID!, $after: String) {
  runEvents(agentId: $agent, after: $after) { kind runId cursor run { status totalDurationNs } }
}`;

/**
 * Watches the runs of an agent that come behind one, and goes on at any replica after each end, until a signal aborts.
 *
 * @returns the state of each run, as the last event of it says, and how much has come
 */
export function watch(
  subscribe: Subscribe,
  replicas: Replicas,
  { agent, after }: { readonly agent: string; after: string },
  signal: AbortSignal,
  blame: (problem: string) => void,
) {
  const states = new Map<string, string>();
  const received = new Set<string>();
  const counts = { events: 0, resumed: 0 };
  const apply = ({ kind, runId, cursor, run }: RunEvent): void => {
    counts.events++;
    after = cursor;
    const state = `${run.status} ${run.totalDurationNs}`;
    const text = `${runId} ${state}`;
    if (received.has(text)) blame(`an event came twice: ${text}`);
    if ((kind === 'ADDED') === states.has(runId)) blame(`an event came in the wrong order: ${kind} ${text}`);
    received.add(text);
    states.set(runId, state);
  };
  void (async () => {
    for (; !signal.aborted; counts.resumed++, await sleep(100)) {
      const replica = replicas.any();
      const results = subscribe(replica.graphql, { query: QUERY, variables: { agent, after } });
      const leave = () => void results.return?.();
      signal.addEventListener('abort', leave);
      try {
        for await (const { data, errors = [] } of results) {
          if (data?.['runEvents']) apply(data['runEvents'] as RunEvent);
          for (const error of errors) {
            const problem = problemOfError(error, ['SUBSCRIPTION_DRAINED', ...UPSTREAM_CODES]);
            if (problem !== undefined) blame(`a stream ended with ${problem}`);
            const cursor = error.extensions?.['cursor'];
            if (typeof cursor === 'string') after = cursor;
          }
        }
      } catch (error) {
        // Its replica has been killed, or closes its connections.
        if (replica.isServing && !signal.aborted) blame(`a stream was cut: ${JSON.stringify(error)}`);
      }
      signal.removeEventListener('abort', leave);
    }
  })();
  return { states, counts };
}
