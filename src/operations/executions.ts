import { OperationTypeNode } from 'graphql';
import { type Execution, type PreparedOperation } from '../engine/index.ts';
import { ERROR_CODES } from '../errors/error-codes.ts';
import { GatewayError, retryAfter } from '../errors/gateway-error.ts';
import type { Memory } from '../memory/index.ts';
import { Bulkhead } from '../upstream/http/bulkhead.ts';
import { createSingleFlight } from '../upstream/http/single-flight.ts';
import type { Caller } from './operation-request.ts';

/** An operation that is to be executed. */
interface ExecutionRequest {
  readonly operation: PreparedOperation;
  readonly caller: Caller;
  /** Identifies what is executed among all that the caller sends; what is identical shares one execution. */
  readonly key: string;
  /** The part of the permits that it takes; what it is charged. */
  readonly charge: number;
  /**
   * @param signal aborts when nobody waits any longer
   * @param onHeld called with bytes of what is looked up that are held from now on, or, below 0, no longer
   */
  readonly createContext: (signal: AbortSignal, onHeld: (bytes: number) => void) => unknown;
  /** For a subscription, the event that it is executed for. */
  readonly event?: unknown;
}

/**
 * Executes operations: each within its time, all of a caller within its share, and what they hold in the account of
 * memory. What has not come by then is not waited for, so that stopping a thousand look-ups takes no longer than
 * stopping one.
 */
export interface Executions {
  /** @throws GatewayError `OPERATION_TIMEOUT`, `OVERLOADED`; the reason of the caller's signal */
  run(request: ExecutionRequest): Promise<Execution>;
}

export interface ExecutionsOptions {
  /** Milliseconds for each caller of an operation, which may have joined another one's. */
  readonly timeoutMs: number;
  /** The cost of all operations that are executed at once, of which one account alone has half. */
  readonly maxCost: number;
  readonly memory: Pick<Memory, 'open'>;
  /** Called for each request that shares the execution of an identical one. */
  readonly onJoined: () => void;
}

/** Estimates of what an operation holds: for a character of its text, which is parsed; and for a unit of its cost. */
const BYTES_PER_CHARACTER = 4;
const BYTES_PER_COST = 512;
/** Operations that may wait; beyond that, those of the caller who has most waiting are refused. */
const MAX_WAITING = 5_000;
/** Of the cost that is executed at once, the most that one operation counts: it may cost more. */
const MAX_PART = 1 / 4;

export function createExecutions(options: ExecutionsOptions): Executions {
  const { timeoutMs, maxCost, memory, onJoined } = options;
  const flights = createSingleFlight<Execution>((kind) => {
    if (kind === 'joined') onJoined();
  });
  const underWay = new Bulkhead({
    permits: maxCost,
    queueCapacity: MAX_WAITING,
    share: 1,
    accountShare: 1,
    rejection: overloaded,
  });
  return {
    run({ operation, caller, key, charge, createContext, event }) {
      const { callerKey, account } = caller.credentials;
      const weight = Math.max(1, Math.min(charge, maxCost * MAX_PART));
      const start = async (call: AbortController): Promise<Execution> => {
        const { signal } = call;
        const stop = (): void => call.abort(overloaded());
        const holder = memory.open(stop, account);
        const enter = (bytes: number): void => {
          if (bytes < 0) holder.give('operation', -bytes);
          else if (!signal.aborted && !holder.take('operation', bytes)) stop();
        };
        enter(key.length * BYTES_PER_CHARACTER);
        try {
          const turn = underWay.enter(callerKey, signal, account, weight);
          if (turn !== undefined) await turn;
          try {
            enter(charge * BYTES_PER_COST);
            signal.throwIfAborted();
            const work = operation.execute(createContext(signal, enter), event);
            const execution = await untilAborted(work, signal);
            // What failed may have left requests behind, which nobody waits for.
            if (execution.errors.length > 0) call.abort(execution.errors[0]);
            return execution;
          } finally {
            underWay.leave(callerKey, account, weight);
          }
        } finally {
          holder.close();
        }
      };
      const deadline = { ms: timeoutMs, reason: () => timeoutError(operation.type, timeoutMs) };
      return flights.run(callerKey + key, start, caller.signal, deadline);
    },
  };
}

/** Rejects when the signal aborts: the work stops then, and what it waits for may never come. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

function timeoutError(type: OperationTypeNode, timeoutMs: number): GatewayError {
  const advice =
    type === OperationTypeNode.MUTATION
      ? 'What it had sent by then may take effect: read the runs again before you repeat it.'
      : 'Try again, or ask for fewer rows or fields at once.';
  const message = `The operation took longer than OPERATION_TIMEOUT_MS, ${timeoutMs} ms. ${advice}`;
  return new GatewayError('OPERATION_TIMEOUT', message, { timeoutMs });
}

function overloaded(): GatewayError {
  return new GatewayError('OVERLOADED', ERROR_CODES.OVERLOADED.message, retryAfter(1000));
}
