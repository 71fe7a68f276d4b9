import { OperationTypeNode } from 'graphql';
import type { Execution, PreparedOperation } from '../engine/index.ts';
import { FairQueue } from '../scheduling/fair-queue.ts';
import { SingleFlight } from '../scheduling/single-flight.ts';
import { overloaded, Refusal } from '../server/refusal.ts';
import type { Credentials } from '../upstream/credentials.ts';

/** An operation that is to be executed. */
interface ExecutionRequest {
  readonly operation: PreparedOperation;
  readonly credentials: Credentials;
  /** Aborts when the client has disconnected. */
  readonly signal: AbortSignal;
  /** Identifies what is executed among all that the caller sends; what is identical shares one execution. */
  readonly key: string;
  /** @param signal aborts when nobody waits any longer */
  readonly createContext: (signal: AbortSignal) => unknown;
  /** For a subscription, the event that it is executed for. */
  readonly event?: unknown;
}

/**
 * Executes operations, each within its time, and those of a caller within its share. At a timeout no look-up is waited
 * for, so that stopping a thousand takes no longer than stopping one.
 */
export interface Executions {
  /** @throws Refusal `OPERATION_TIMEOUT`, `OVERLOADED`; the reason of the caller's signal */
  run(request: ExecutionRequest): Promise<Execution>;
}

export interface ExecutionsOptions {
  /** Milliseconds for each request, which may have joined the execution of an identical one. */
  readonly timeoutMs: number;
  /** The cost of all operations that are executed at once, of which one account alone has half. @default 50000 */
  readonly maxCost?: number | undefined;
  /** Called for each request that shares the execution of an identical one. */
  readonly onJoined: () => void;
}

const MAX_COST = 50_000;
/** Operations that may wait; beyond that, those of the caller who has most waiting are refused. */
const MAX_WAITING = 5_000;
/** The part of that cost that one operation counts at most: it may cost more. */
const MAX_PART = 1 / 4;

export function createExecutions({ timeoutMs, maxCost = MAX_COST, onJoined }: ExecutionsOptions): Executions {
  const flights = new SingleFlight<Execution>((kind) => {
    if (kind === 'joined') onJoined();
  });
  const underWay = new FairQueue({ permits: maxCost, capacity: MAX_WAITING, rejection: () => overloaded });
  return {
    run({ operation, credentials: { callerKey, account }, signal: caller, key, createContext, event }) {
      const weight = Math.max(1, Math.min(operation.chargedCost, maxCost * MAX_PART));
      const execute = async (call: AbortController): Promise<Execution> => {
        const { signal } = call;
        signal.throwIfAborted();
        const execution = await untilAborted(operation.execute(createContext(signal), event), signal);
        // A failed operation may have left requests upstream that no field waits for.
        if (execution.errors.length > 0) call.abort(execution.errors[0]);
        return execution;
      };
      const start = (call: AbortController): Promise<Execution> =>
        underWay.admit(account, call.signal, () => execute(call), weight);
      const waiting = new AbortController();
      const leave = (): void => waiting.abort(caller.reason);
      const timer = setTimeout(() => waiting.abort(timedOut(operation.type, timeoutMs)), timeoutMs);
      if (caller.aborted) leave();
      caller.addEventListener('abort', leave, { once: true });
      return flights.join(callerKey + key, start, waiting.signal).finally(() => {
        clearTimeout(timer);
        caller.removeEventListener('abort', leave);
      });
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

function timedOut(type: OperationTypeNode, timeoutMs: number): Refusal {
  const advice =
    type === OperationTypeNode.MUTATION
      ? 'What it had sent by then may take effect: read the runs again before you repeat it.'
      : 'Try again, or ask for fewer rows or fields at once.';
  const message = `The operation took longer than OPERATION_TIMEOUT_MS, ${timeoutMs} ms. ${advice}`;
  return new Refusal('OPERATION_TIMEOUT', message, { extensions: { timeoutMs } });
}
