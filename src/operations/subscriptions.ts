import { hash } from 'node:crypto';
import type { ExecutionResult } from 'graphql';
import { GraphQLError } from 'graphql';
import { acceptsEvents, needsStream } from '../access/accept-header.ts';
import { type GatewayContext, gatewayOf } from '../access/gateway-request.ts';
import type { RateLimiter } from '../access/rate-limiter.ts';
import { overloaded, STATUSES } from '../access/refusal.ts';
import type { PreparedOperation } from '../engine/index.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { ListEvent, StreamError } from '../live/index.ts';
import type { Journal } from '../observability/journal.ts';
import { createExecuteEvent } from './event-executions.ts';
import type { ExecutionScheduler } from './execution-scheduler.ts';
import type { CreateLoaders } from './loaders-context.ts';
import { bytesOfErrors, type ConvertErrors } from './result-errors.ts';
import { textResult } from './text-result.ts';

export interface SubscribeOptions {
  readonly rateLimit: RateLimiter | undefined;
  readonly scheduler: ExecutionScheduler;
  readonly convertErrors: ConvertErrors;
  readonly journal: Pick<Journal, 'note' | 'failed'>;
}

/** The maximum length of an operation's name in the log. */
const MAX_NAME = 50;

/** Returns a function that opens a subscription. Each event costs as much as the opening. */
export function createSubscribe(options: SubscribeOptions) {
  const { rateLimit, scheduler, convertErrors, journal } = options;
  const executeEvent = createExecuteEvent(scheduler);

  /**
   * @param operationKey the same for subscriptions of a caller whose events are executed once for all of them
   * @returns its results, or a refusal
   */
  return async (
    operation: PreparedOperation,
    createLoaders: CreateLoaders,
    operationKey: string,
    context: GatewayContext,
  ): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> => {
    const { requestId = '' } = context;
    const gateway = gatewayOf(context);
    const { signal, credentials, memory } = gateway;
    const { account, label } = credentials;
    // A digest, since variables may be large.
    const key = hash('sha256', credentials.callerKey + operationKey, 'base64');
    // The stream holds only these properties, so that what priced the operation can be collected.
    const { type, chargedCost, execute: executeOnce } = operation;
    // A copy without headers, since the stream may stay open for days.
    const record = gateway.record.ofStream();
    const openedAt = performance.now();
    let count = 0;
    /** Bytes of the event that the client has yet to read. */
    let unread = 0;
    if (context.socket === undefined && !acceptsEvents(gateway.headers['accept'])) {
      return { errors: convertErrors([needsStream], context, true) };
    }
    const request = { credentials, type, chargedCost, connection: context.socket?.connection };
    const opened = await operation.subscribe(createLoaders({ ...request, record }, signal));
    if (!(Symbol.asyncIterator in opened)) {
      return { errors: convertErrors(opened.map(asRefusal), context, true) };
    }
    const events = opened[Symbol.asyncIterator]();
    let hasEnded = false;
    const end = (code: string, reason: string): void => {
      if (hasEnded) return;
      hasEnded = true;
      signal.removeEventListener('abort', unsubscribed);
      Promise.try(() => events.return?.()).catch((error) => journal.failed(error, { requestId }));
      const durationMs = Math.round(performance.now() - openedAt);
      const details = { operation: record.name?.slice(0, MAX_NAME), events: count, durationMs };
      journal.note('Stream ended', { code, reason, requestId, account, label, details });
    };
    const unsubscribed = (): void => end('OK', 'The client disconnected or unsubscribed.');
    signal.addEventListener('abort', unsubscribed, { once: true });
    // The client may have disconnected while the subscription was opened: then no result would be read.
    if (signal.aborted) unsubscribed();

    const execute = async (event: unknown): Promise<ExecutionResult> => {
      const eventRecord = record.ofStream(record.trace?.startEvent?.());
      try {
        await rateLimit?.charge(account, chargedCost);
        count++;
        eventRecord.isJoined = true;
        const { data, errors } = await executeEvent({
          operation: { type, chargedCost, execute: executeOnce },
          credentials,
          signal,
          key,
          openedAt,
          createContext(workSignal, held) {
            eventRecord.isJoined = false;
            return createLoaders({ ...request, record: eventRecord }, workSignal, held);
          },
          event,
        });
        const converted = convertErrors(errors, { gateway, requestId }, data === undefined);
        const bytes = (data?.length ?? 0) + bytesOfErrors(converted);
        if (!memory.add(bytes)) throw overloaded;
        unread = bytes;
        if (errors.length > 0) eventRecord.code = codeOf(errors[0]);
        return textResult(data, converted);
      } catch (error) {
        eventRecord.code = codeOf(error);
        // The client has not received the event.
        throw event instanceof ListEvent ? new StreamError(error, event.cursorBefore) : error;
      } finally {
        eventRecord.trace?.end?.(eventRecord);
      }
    };

    /** Yields the results as fast as the client reads, and an error if the subscription fails. */
    const resultsOf = async function* () {
      try {
        for await (const event of { [Symbol.asyncIterator]: () => events }) {
          if (hasEnded) break;
          yield await execute(event);
          memory.add(-unread);
        }
        end('OK', 'There are no more events.');
      } catch (error) {
        if (hasEnded) return;
        const errors = convertErrors([error], { gateway, requestId }, true);
        end(String(errors[0]?.extensions['code']), errors[0]?.message ?? '');
        yield { errors };
      } finally {
        unsubscribed();
      }
    };
    return resultsOf();
  };
}

/** An error before the first event refuses the whole subscription. If it has a status, it loses its path. */
function asRefusal(error: GraphQLError): unknown {
  const { originalError } = error;
  return originalError instanceof GatewayError && originalError.code in STATUSES ? originalError : error;
}

function codeOf(error: unknown): string {
  const cause = error instanceof GraphQLError ? error.originalError : error;
  return cause instanceof GatewayError ? cause.code : 'INTERNAL_SERVER_ERROR';
}
