import { GraphQLError, OperationTypeNode } from 'graphql';
import {
  type Engine,
  type EngineRequest,
  type Execution,
  OperationLimitError,
  type PreparedOperation,
} from '../engine/index.ts';
import type { Log } from '../observability/log.ts';
import type { OperationRecord } from '../observability/operation-record.ts';
import { UpstreamError } from '../runs/errors.ts';
import { createSingleFlight } from '../upstream/http/single-flight.ts';
import type { RunsUpstream } from '../upstream/letta/runs-upstream.ts';
import { createContext } from './context.ts';
import { toGraphQLError } from './errors.ts';

/** The maximum size of the errors in one answer, in bytes. */
const MAX_ERROR_BYTES = 4 * 1024 * 1024;

/** Who sent a request, and how it may be executed. */
export interface Caller {
  readonly record: OperationRecord;
  /** The `Authorization` header for the upstream. */
  readonly authorization: string | null;
  /** Aborts when the client has disconnected. */
  readonly signal: AbortSignal;
  /** Identifies this request; identical requests in flight are executed once. */
  readonly key: string;
  /** Whether only queries are allowed, as by GET. */
  readonly isReadOnly: boolean;
  /** Whether to include the cost of the operation in the answer. */
  readonly showsCost: boolean;
}

/** The answer to an operation, independent of the transport. */
export interface OperationAnswer {
  /** `{"data":…}`; undefined if nothing was executed. */
  readonly data: Uint8Array | undefined;
  /** Masked, ready for the client. */
  readonly errors: readonly GraphQLError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** Set if it was rejected because a read-only request has an operation other than a query. */
  readonly isNotAllowed?: true;
}

/** Answers GraphQL requests. Rejects only if the client has disconnected. */
export interface Operations {
  answer(request: EngineRequest, caller: Caller): Promise<OperationAnswer>;
}

/** @param onJoined called for each request that shares the execution of an identical one */
export function createOperations(
  engine: Engine,
  upstream: RunsUpstream,
  log: Log,
  onJoined: () => void,
): Operations {
  const executions = createSingleFlight<Execution>((kind) => {
    if (kind === 'joined') onJoined();
  });

  const execute = (operation: PreparedOperation, caller: Caller): Promise<Execution> => {
    const { authorization, key, record, signal } = caller;
    const start = (all: AbortSignal): Promise<Execution> => {
      const onRequest = (): void => {
        record.upstreamRequests++;
      };
      const { requestId } = record;
      const runs = upstream.forCaller({ authorization, requestId, signal: all, onRequest });
      return operation.execute(createContext(runs));
    };
    if (operation.type !== OperationTypeNode.QUERY) return start(signal);
    // Includes the credentials, as JSON, so that no header value is confused with null.
    return executions.run(JSON.stringify([authorization]) + key, start, signal);
  };

  return {
    async answer(request, caller) {
      const { record } = caller;
      const mask = (error: GraphQLError): GraphQLError =>
        toGraphQLError(error, record.requestId, (cause) => report(cause, record.requestId, log));
      const operation = engine.prepare(request);
      if (!('execute' in operation)) {
        const errors = operation.map(mask);
        record.finish(undefined, errors);
        return { data: undefined, errors };
      }
      if (caller.isReadOnly && operation.type !== OperationTypeNode.QUERY) {
        const errors = [mask(notAllowedByGet(operation.type))];
        record.finish(operation.name, errors);
        return { data: undefined, errors, isNotAllowed: true };
      }
      const { data, errors: thrown } = await execute(operation, caller);
      const masked = thrown.map(mask);
      const errors = withinBytes(masked, mask);
      record.finish(operation.name, errors);
      if (errors !== masked) return { data: NULL_DATA, errors };
      if (!caller.showsCost) return { data, errors };
      const { cost, fieldCosts } = operation;
      return { data, errors, extensions: { cost: { estimated: cost.cost, fields: fieldCosts() } } };
    },
  };
}

const NULL_DATA = Buffer.from('{"data":null}');

/** Replaces errors that are too large together by one: every failed field has its own. */
function withinBytes(
  errors: readonly GraphQLError[],
  mask: (error: GraphQLError) => GraphQLError,
): readonly GraphQLError[] {
  let bytes = 0;
  for (const error of errors) {
    bytes += JSON.stringify(error).length;
    if (bytes <= MAX_ERROR_BYTES) continue;
    const message = `${errors.length} fields failed, and their errors would exceed ${MAX_ERROR_BYTES} bytes.`;
    const originalError = new OperationLimitError('RESPONSE_TOO_LARGE', message);
    return [mask(new GraphQLError(message, { originalError }))];
  }
  return errors;
}

function notAllowedByGet(type: OperationTypeNode): GraphQLError {
  return new GraphQLError(`A ${type} cannot be sent by GET; use POST.`, {
    extensions: { code: 'METHOD_NOT_ALLOWED' },
  });
}

function report(error: unknown, requestId: string, log: Log): void {
  if (error instanceof UpstreamError) {
    log.warn({ requestId, code: error.code, err: error }, 'Upstream error');
  } else if (error instanceof Error && error.name === 'AbortError') {
    log.debug({ requestId }, 'Client disconnected');
  } else {
    log.error({ requestId, err: error }, 'Unexpected error');
  }
}
