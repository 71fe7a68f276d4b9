import { GraphQLError } from 'graphql';
import type { Execution, PreparedOperation } from '../engine/index.ts';
import type { Credentials } from '../upstream/credentials.ts';
import type { Context } from './context.ts';
import { withinBytes } from './error-sizes.ts';
import { answerEvents } from './event-answers.ts';
import type { Caller, OperationAnswer, OperationStream } from './operation-request.ts';
import type { RateLimit } from './rate-limit.ts';

/** Converts an error to one for the client, and reports it. */
export type Mask = (error: unknown) => GraphQLError;

export interface SubscribeOptions {
  readonly rateLimit: RateLimit | undefined;
  readonly contextOf: (caller: Caller, signal: AbortSignal) => Context;
  /** Everything that decides what a caller can see. */
  readonly identityOf: (credentials: Credentials) => string;
  readonly maskOf: (requestId: string) => Mask;
}

/** Opens a subscription. @param charge what each event is charged, as the opening was */
export type Subscribe = (
  operation: PreparedOperation,
  caller: Caller,
  charge: number,
) => Promise<OperationAnswer | OperationStream>;

export function createSubscribe({ rateLimit, contextOf, identityOf, maskOf }: SubscribeOptions): Subscribe {
  /** What an event came to, for all who watch the same in the same way. Goes with the event. */
  const executed = new WeakMap<object, Map<string, Promise<Execution>>>();

  const executeEvent = async (
    operation: PreparedOperation,
    caller: Caller,
    event: unknown,
  ): Promise<Execution> => {
    const execute = (): Promise<Execution> => operation.execute(contextOf(caller, caller.signal), event);
    if (typeof event !== 'object' || event === null) return execute();
    const known = executed.get(event) ?? new Map<string, Promise<Execution>>();
    executed.set(event, known);
    const key = identityOf(caller.credentials) + caller.key;
    // Whoever came first may have disconnected meanwhile.
    const shared = await known.get(key)?.catch(() => undefined);
    if (shared !== undefined) return shared;
    const own = execute();
    known.set(key, own);
    return own;
  };

  return async (operation, caller, charge) => {
    const { record, signal, credentials } = caller;
    const { requestId } = record;
    const mask = maskOf(requestId);
    if (!caller.takesStreams)
      return { data: undefined, errors: [mask(needsStream())], refusal: NOT_ACCEPTABLE };
    const events = await operation.subscribe(contextOf(caller, signal));
    if (!(Symbol.asyncIterator in events)) {
      return { data: undefined, errors: withinBytes(events.map(mask), mask) };
    }
    return {
      answers: answerEvents({
        events,
        signal,
        execute: (event) => executeEvent(operation, caller, event),
        charge: async () =>
          (await rateLimit?.chargeRequest(credentials.callerKey, requestId)) ??
          rateLimit?.chargeCost(credentials.callerKey, charge, requestId),
        // Of each event anew, or a long stream would remember all errors that it ever had.
        maskOfEvent: () => maskOf(requestId),
      }),
    };
  };
}

/** The response to a subscription by a transport that has room for one answer. */
const NOT_ACCEPTABLE = { status: 406, headers: {} };

function needsStream(): GraphQLError {
  return new GraphQLError(
    'A subscription needs a stream: send `Accept: text/event-stream`, or use a WebSocket.',
    { extensions: { code: 'NOT_ACCEPTABLE' } },
  );
}
