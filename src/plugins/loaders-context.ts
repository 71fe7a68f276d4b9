import { OperationTypeNode } from 'graphql';
import type { Live, LiveRuns } from '../live/index.ts';
import { type Context, createContext } from '../loaders/context.ts';
import type { Journal } from '../observability/journal.ts';
import type { OperationRecord } from '../observability/operation-record.ts';
import { requestIdOf } from '../observability/request-id.ts';
import type { Prices } from '../runs/prices.ts';
import type { Credentials } from '../upstream/credentials.ts';
import type { RunsUpstream } from '../upstream/letta/runs-upstream.ts';
import type { RateLimit } from './rate-limiter.ts';

export interface LoadersContextOptions {
  readonly upstream: RunsUpstream;
  /** Watches runs for subscriptions. */
  readonly live: Live;
  /** The rows that a field may read in search of runs. */
  readonly scanBudget: number;
  /** The prices of models as they are now, if there are any. */
  readonly prices: () => Prices | undefined;
  readonly rateLimit: RateLimit | undefined;
  readonly journal: Journal;
  /** Called for each upstream request for subscriptions. */
  readonly onPoll: () => void;
}

/** An operation, or one event of a subscription, that needs loaders. */
interface LoadersFor {
  readonly record: OperationRecord;
  readonly credentials: Credentials;
  readonly type: OperationTypeNode;
  /** What it was charged. */
  readonly chargedCost: number;
}

/** @param signal aborts when nobody waits for what is loaded */
export type CreateLoaders = (request: LoadersFor, signal: AbortSignal) => Context;

/** Returns what creates the context of resolvers: loaders of one operation, limited to what its caller may see. */
export function createLoadersContext(options: LoadersContextOptions): CreateLoaders {
  const { upstream, live, scanBudget, prices, rateLimit, journal, onPoll } = options;

  // Streams share what is polled: each poll goes under an id of its own, and belongs to no trace.
  const watched = (credentials: Credentials): LiveRuns =>
    live.forCaller(credentials, (signal) =>
      upstream.forCaller({
        ...credentials,
        requestId: requestIdOf(undefined),
        signal,
        onRequest: onPoll,
      }),
    );

  return ({ record, credentials, type, chargedCost }, signal) => {
    const { requestId, trace } = record;
    const changesRuns = type === OperationTypeNode.MUTATION;
    const runs = upstream.forCaller({
      ...credentials,
      requestId,
      trace,
      signal,
      changesRuns,
      onRequest: () => void record.upstreamRequests++,
    });
    const { account, label } = credentials;
    return createContext(runs, {
      live: () => watched(credentials),
      scanBudget,
      prices: prices(),
      readRateLimit: rateLimit && (() => rateLimit.read(account, chargedCost)),
      report: changesRuns ? (failure) => journal.failed(failure, { requestId, account, label }) : undefined,
    });
  };
}
