import { hash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Execution, PreparedOperation } from '../engine/index.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { ListEvent, StreamError } from '../live/index.ts';
import type { Context } from '../loaders/context.ts';
import type { Journal } from '../observability/journal.ts';
import type { OperationRecord } from '../observability/operation-record.ts';
import { answerEvents } from './event-answers.ts';
import type { Executions } from './executions.ts';
import { failedAnswer, type Mask } from './failed-answer.ts';
import type { Caller, OperationAnswer, OperationStream } from './operation-request.ts';
import type { RateLimit } from './rate-limit.ts';

export interface SubscribeOptions {
  readonly rateLimit: RateLimit | undefined;
  readonly executions: Executions;
  readonly contextOf: (caller: Caller, signal: AbortSignal, onHeld?: (bytes: number) => void) => Context;
  readonly maskOf: (caller: Caller) => Mask;
  readonly journal: Pick<Journal, 'note'>;
}

/** Opens a subscription. @param charge what each event is charged, as the opening was */
export type Subscribe = (
  operation: PreparedOperation,
  caller: Caller,
  charge: number,
) => Promise<OperationAnswer | OperationStream>;

export function createSubscribe(options: SubscribeOptions): Subscribe {
  const { rateLimit, executions, contextOf, maskOf, journal } = options;
  /** What an event came to, for all who watch the same in the same way. Goes with the event. */
  const executed = new WeakMap<object, Map<string, Execution>>();
  const serials = new WeakMap<object, number>();
  let lastSerial = 0;

  /** Nobody's disconnecting fails it for the others: it goes on as long as anybody waits for it. */
  const executeEvent = async (
    operation: PreparedOperation,
    caller: Caller,
    charge: number,
    event: unknown,
  ): Promise<Execution> => {
    const key = caller.credentials.callerKey + caller.key;
    // The gone run is the only event that is no object.
    const holder = typeof event === 'object' && event !== null ? event : {};
    const known = executed.get(holder) ?? new Map<string, Execution>();
    executed.set(holder, known);
    const shared = known.get(key);
    if (shared !== undefined) return shared;
    const serial = serials.get(holder) ?? ++lastSerial;
    serials.set(holder, serial);
    let record: OperationRecord | undefined;
    try {
      const execution = await executions.run({
        operation,
        caller,
        key: `event ${serial} ${caller.key}`,
        charge,
        createContext: (signal, onHeld) => {
          record = caller.record.ofEvent();
          return contextOf({ ...caller, record }, signal, onHeld);
        },
        event,
      });
      if (record !== undefined && execution.errors.length > 0) record.code = codeOf(execution.errors[0]);
      known.set(key, execution);
      return execution;
    } catch (error) {
      if (record !== undefined) record.code = codeOf(error);
      throw error;
    } finally {
      record?.trace?.end?.(record);
    }
  };

  return async (operation, request, charge) => {
    const caller = whatIsKept(request);
    const { record, signal, credentials } = caller;
    const { requestId } = record;
    const { account, label } = credentials;
    const openedAt = performance.now();
    let count = 0;
    const mask = maskOf(caller);
    if (!caller.takesStreams) return failedAnswer([needsStream()], mask);
    const events = await operation.subscribe(contextOf(caller, signal));
    if (!(Symbol.asyncIterator in events)) return failedAnswer(events, mask);
    return {
      answers: answerEvents({
        events,
        signal,
        execute: async (event) => {
          try {
            const refused =
              (await rateLimit?.chargeRequest(account)) ?? (await rateLimit?.chargeCost(account, charge));
            if (refused !== undefined) throw refused;
            count++;
            return await executeEvent(operation, caller, charge, event);
          } catch (error) {
            // The event was not told.
            throw event instanceof ListEvent ? new StreamError(error, event.cursorBefore) : error;
          }
        },
        // Of each event anew, or a long stream would remember all errors that it ever had.
        maskOfEvent: () => maskOf(caller),
        onEnd(code, reason) {
          const durationMs = Math.round(performance.now() - openedAt);
          const details = { operation: record.name?.slice(0, MAX_NAME), events: count, durationMs };
          journal.note('Stream ended', { code, reason, requestId, account, label, details });
        },
      }),
    };
  };
}

/** Not the whole text of the request, which may be large, but a digest of it. */
function whatIsKept({ key, record, ...caller }: Caller): Caller {
  const digest = hash('sha256', key, 'base64url');
  return {
    ...caller,
    record: record.ofStream(),
    key: digest,
    keptBytes: STREAM_BYTES,
  };
}

function codeOf(error: unknown): string {
  const cause = error instanceof GraphQLError ? error.originalError : error;
  return cause instanceof GatewayError ? cause.code : 'INTERNAL_SERVER_ERROR';
}

/** Characters of the name of an operation in the log. */
const MAX_NAME = 50;
/** An estimate of what any stream keeps. */
const STREAM_BYTES = 4_000;

function needsStream(): GatewayError {
  return new GatewayError(
    'NOT_ACCEPTABLE',
    'A subscription needs a stream: send `Accept: text/event-stream`, or use a WebSocket.',
  );
}
