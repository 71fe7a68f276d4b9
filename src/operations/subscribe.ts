import { hash } from 'node:crypto';
import type { Execution, PreparedOperation } from '../engine/index.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { ListEvent, StreamError } from '../live/index.ts';
import type { Context } from '../loaders/context.ts';
import type { Journal } from '../observability/journal.ts';
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
    const execution = await executions.run({
      operation,
      caller,
      key: `event ${serial} ${caller.key}`,
      charge,
      createContext: (signal, onHeld) => contextOf(caller, signal, onHeld),
      event,
    });
    known.set(key, execution);
    return execution;
  };

  return async (operation, request, charge) => {
    const caller = whatIsKept(operation, request);
    const { record, signal, credentials } = caller;
    const { requestId } = record;
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
              (await rateLimit?.chargeRequest(credentials.account)) ??
              (await rateLimit?.chargeCost(credentials.account, charge));
            if (refused !== undefined) throw refused;
            return await executeEvent(operation, caller, charge, event);
          } catch (error) {
            // The event was not told.
            throw event instanceof ListEvent ? new StreamError(error, event.cursorBefore) : error;
          }
        },
        // Of each event anew, or a long stream would remember all errors that it ever had.
        maskOfEvent: () => maskOf(caller),
        onEnd: (code, reason) =>
          journal.note('Stream ended', { code, reason, requestId, account: credentials.account }),
      }),
    };
  };
}

/** Not the whole text of the request, which may be large, but a digest of it. */
function whatIsKept(operation: PreparedOperation, { key, ...caller }: Caller): Caller {
  const digest = hash('sha256', key, 'base64url');
  return { ...caller, key: digest, keptBytes: STREAM_BYTES + operation.keptBytes() };
}

/** An estimate of what any stream keeps. */
const STREAM_BYTES = 4_000;

function needsStream(): GatewayError {
  return new GatewayError(
    'NOT_ACCEPTABLE',
    'A subscription needs a stream: send `Accept: text/event-stream`, or use a WebSocket.',
  );
}
