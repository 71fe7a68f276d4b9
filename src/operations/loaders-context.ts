import { OperationTypeNode } from 'graphql';
import type { RateLimiter } from '../access/rate-limiter.ts';
import type { Live, LiveRuns } from '../live/index.ts';
import { Context } from '../loaders/context.ts';
import type { Journal } from '../observability/journal.ts';
import type { OperationRecord } from '../observability/operation-record.ts';
import { requestIdOf } from '../observability/request-id.ts';
import { memoize } from '../runs/memoize.ts';
import type { Prices } from '../runs/prices.ts';
import type { HeldMemory } from '../scheduling/held-memory.ts';
import type { Credentials } from '../upstream/credentials.ts';
import { LettaSource } from '../upstream/letta/letta-source.ts';
import type { SharedUpstream } from '../upstream/letta/shared-upstream.ts';

export interface LoadersContextOptions {
  readonly upstream: SharedUpstream;
  /** Watches runs for subscriptions. */
  readonly live: Live;
  /** The maximum number of rows that a field may read in search of runs. */
  readonly scanBudget: number;
  /** Returns the current prices of models, if there are any. */
  readonly prices: () => Prices | undefined;
  readonly rateLimit: RateLimiter | undefined;
  readonly journal: Journal;
  /** Called for each upstream request for subscriptions. */
  readonly onPoll: () => void;
}

/** An operation, or an event of a subscription, that needs loaders. */
interface LoadersRequest {
  readonly record: OperationRecord;
  readonly credentials: Credentials;
  readonly type: OperationTypeNode;
  /** The cost that was charged for it. */
  readonly chargedCost: number;
  /** The same object for all subscriptions of a connection. By default, a subscription has a connection of its own. */
  readonly connection?: object | undefined;
}

/**
 * @param signal aborts when no request waits for the data any longer
 * @param memory counts the data
 */
export type CreateLoaders = (request: LoadersRequest, signal: AbortSignal, memory?: HeldMemory) => Context;

/** Returns a function that creates the context of resolvers: loaders for one operation, with its caller's credentials. */
export function createLoadersContext(options: LoadersContextOptions): CreateLoaders {
  const { upstream, live, scanBudget, prices, rateLimit, journal, onPoll } = options;

  // Streams share polls, so each poll has a request id of its own, and no trace.
  const liveRunsOf = (credentials: Credentials, connection: object): LiveRuns =>
    live.forCaller({ ...credentials, connection }, (signal, memory) => {
      const requestId = requestIdOf(undefined);
      return new LettaSource(upstream, { ...credentials, requestId, signal, memory, onRequest: onPoll });
    });

  return ({ record, credentials, type, chargedCost, connection = record }, signal, memory) => {
    const { requestId, trace } = record;
    const changesRuns = type === OperationTypeNode.MUTATION;
    const runs = new LettaSource(upstream, {
      ...credentials,
      requestId,
      trace,
      signal,
      changesRuns,
      // A mutation reads runs to report what it has changed, and so must not be refused.
      memory: changesRuns ? undefined : memory,
      onRequest: () => void record.upstreamRequests++,
    });
    const { account, label } = credentials;
    return new Context(runs, {
      live: () => liveRunsOf(credentials, connection),
      mayWrite: !credentials.isReadOnly,
      scanBudget,
      prices: prices(),
      readRateLimit: rateLimit && (() => rateLimit.read(account, chargedCost)),
      // A failure that several runs or reads run into is reported once.
      report: changesRuns
        ? memoize((failure: object) => journal.failed(failure, { requestId, account, label }))
        : undefined,
    });
  };
}
