import { OperationTypeNode } from 'graphql';
import { overloaded, Refusal } from '../access/refusal.ts';
import type { Execution, PreparedOperation } from '../engine/index.ts';
import { FairQueue } from '../scheduling/fair-queue.ts';
import type { HeldMemory, MemoryFor } from '../scheduling/held-memory.ts';
import { SingleFlight } from '../scheduling/single-flight.ts';
import type { Credentials } from '../upstream/credentials.ts';

export interface ExecutionRequest {
  readonly operation: Pick<PreparedOperation, 'type' | 'chargedCost' | 'execute'>;
  readonly credentials: Credentials;
  /** Aborts when the client has disconnected. */
  readonly signal: AbortSignal;
  /** Identical operations of a caller have the same key, and share an execution. */
  readonly key: string;
  /**
   * @param signal aborts when no request waits for the execution any longer
   * @param memory counts what the execution holds
   */
  readonly createContext: (signal: AbortSignal, memory: HeldMemory) => unknown;
  /** For a subscription, the event that it is executed for. */
  readonly event?: unknown;
}

export interface ExecutionSchedulerOptions {
  /** Milliseconds for each request, also for one that joins the execution of an identical request. */
  readonly operationTimeoutMs: number;
  /** The cost of all operations under way, of which one account has half at most. @default 50000 */
  readonly maxCostUnderWay?: number | undefined;
  readonly memoryFor: MemoryFor;
  /** Called for each request that joins the execution of an identical request. */
  readonly onJoined: () => void;
}

const MAX_COST_UNDER_WAY = 50_000;
/** Operations that may wait; beyond it, those of the caller with the most are refused. */
const MAX_WAITING = 5_000;
/** The part of the cost under way that one operation counts at most: it may cost more. */
const MAX_PART = 1 / 4;

export type ExecutionScheduler = ReturnType<typeof createExecutionScheduler>;

/**
 * Executes operations, each within a timeout, and those of each caller within its part of the cost under way. At a
 * timeout no look-up is waited for, so that stopping a thousand takes no longer than stopping one.
 */
export function createExecutionScheduler(options: ExecutionSchedulerOptions) {
  const { operationTimeoutMs, maxCostUnderWay: permits = MAX_COST_UNDER_WAY, memoryFor, onJoined } = options;
  const flights = new SingleFlight<Execution>((kind) => {
    if (kind === 'joined') onJoined();
  });
  const underWay = new FairQueue({ permits, capacity: MAX_WAITING, rejection: () => overloaded });
  return {
    /** @throws Refusal `OPERATION_TIMEOUT`, `OVERLOADED`; the reason of the caller's signal */
    run(request: ExecutionRequest): Promise<Execution> {
      const { operation, credentials, signal: caller, key, createContext, event } = request;
      const { callerKey, account } = credentials;
      const weight = Math.max(1, Math.min(operation.chargedCost, permits * MAX_PART));
      const execute = async (controller: AbortController): Promise<Execution> => {
        const { signal } = controller;
        signal.throwIfAborted();
        const memory = memoryFor(account);
        try {
          const done = await untilAborted(operation.execute(createContext(signal, memory), event), signal);
          // A failed operation may have left requests upstream that no field waits for.
          if (done.errors.length > 0) controller.abort(done.errors[0]);
          return done;
        } finally {
          memory.release();
          if (operation.type === OperationTypeNode.MUTATION) flights.closeAll(callerKey);
        }
      };
      const start = (controller: AbortController): Promise<Execution> =>
        underWay.enqueue(account, controller.signal, () => execute(controller), weight);
      const reason = (): Refusal => timedOut(operation.type, operationTimeoutMs);
      return flights.join(callerKey + key, start, caller, { ms: operationTimeoutMs, reason });
    },
  };
}

/** Rejects when the signal aborts: the work stops then, and its responses may never come. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

function timedOut(type: OperationTypeNode, timeoutMs: number): Refusal {
  const advice =
    type === OperationTypeNode.MUTATION
      ? 'Requests that were sent may take effect: read the runs again before you repeat it.'
      : 'Ask for fewer rows or fields at once.';
  const message = `The operation took longer than OPERATION_TIMEOUT_MS, ${timeoutMs} ms. ${advice}`;
  return new Refusal('OPERATION_TIMEOUT', message, { extensions: { timeoutMs } });
}
