import { GraphQLError, OperationTypeNode } from 'graphql';
import { type Engine, type OperationCost, OperationLimitError, WORK_PER_COST } from '../engine/index.ts';
import type { Live } from '../live/index.ts';
import type { Journal } from '../observability/journal.ts';
import type { OperationRecord } from '../observability/operation-record.ts';
import type { UpstreamError } from '../runs/errors.ts';
import { namesProject } from '../upstream/forwarded-headers.ts';
import type { RunsUpstream } from '../upstream/letta/runs-upstream.ts';
import { type Context, createContext } from './context.ts';
import type { PersistedDocuments } from './documents/persisted-documents.ts';
import { REFUSAL_CODES } from './error-codes.ts';
import { withinBytes } from './error-sizes.ts';
import { toGraphQLError } from './errors.ts';
import type { Executions } from './executions.ts';
import type { Caller, OperationAnswer, OperationRequest, OperationStream } from './operation-request.ts';
import type { RateLimit } from './rate-limit.ts';
import { refusalBy } from './refusals.ts';
import { createSubscribe, type Mask } from './subscribe.ts';

/** Answers GraphQL requests. Rejects only if the client has disconnected. */
export interface Operations {
  answer(request: OperationRequest, caller: Caller): Promise<OperationAnswer | OperationStream>;
}

export interface OperationsOptions {
  readonly engine: Engine;
  /** Decides which text is executed, for every request and before anything is parsed. */
  readonly documents: PersistedDocuments;
  readonly upstream: RunsUpstream;
  /** Watches runs for subscriptions. */
  readonly live: Live;
  /** The rows that a field may read in search of runs. */
  readonly scanBudget: number;
  /** None by default. */
  readonly rateLimit: RateLimit | undefined;
  readonly executions: Executions;
  readonly journal: Pick<Journal, 'failed' | 'note'>;
}

export function createOperations(options: OperationsOptions): Operations {
  const { engine, documents, upstream, live, scanBudget, rateLimit, executions, journal } = options;
  let mutations = 0;

  /** @param reportFailure only for mutations: receives failures that are no errors of a field */
  const contextOf = (
    { credentials, record, keptBytes }: Caller,
    signal: AbortSignal,
    onHeld: (bytes: number) => void = () => undefined,
    reportFailure?: (failure: UpstreamError) => void,
  ): Context => {
    const { requestId } = record;
    const open = (pollSignal: AbortSignal) =>
      upstream.forCaller({ ...credentials, requestId, signal: pollSignal });
    const onRequest = (): void => {
      record.upstreamRequests++;
    };
    const changesRuns = reportFailure !== undefined;
    const own = { changesRuns, isOneOperation: true, onRequest, onHeld };
    const runs = upstream.forCaller({ ...credentials, requestId, signal, ...own });
    return createContext(runs, {
      live: live.forCaller(credentials.callerKey, open, credentials.account, keptBytes),
      scanBudget,
      report: reportFailure,
    });
  };

  const maskOf = ({ record: { requestId }, credentials }: Caller): Mask => {
    // One failed look-up fails every field that needs it.
    let reported: Set<unknown> | undefined;
    return (error) =>
      toGraphQLError(
        error,
        requestId,
        (cause) => {
          reported ??= new Set();
          if (reported.has(cause)) return;
          reported.add(cause);
          journal.failed(cause, { requestId, account: credentials.account });
        },
        namesProject(credentials.headers),
      );
  };

  const subscribe = createSubscribe({ rateLimit, executions, contextOf, maskOf, journal });

  return {
    async answer({ document, operationName, variables }, caller) {
      const { record } = caller;
      const mask = maskOf(caller);
      const { account } = caller.credentials;
      // Before anything is parsed, which takes time as well.
      const exhausted = await rateLimit?.chargeRequest(account, record.requestId);
      if (exhausted !== undefined) {
        finish(record, undefined, exhausted);
        return exhausted;
      }
      const query = documents.resolve(document);
      const operation =
        typeof query === 'string' ? engine.prepare({ query, operationName, variables }) : [query];
      if (!('execute' in operation)) {
        const invalid = { data: undefined, errors: withinBytes(operation.map(mask), mask) };
        finish(record, undefined, invalid);
        return invalid;
      }
      const { cost } = operation.cost;
      const charged = chargeOf(operation.cost);
      const limited = await rateLimit?.chargeCost(account, charged, record.requestId);
      if (limited !== undefined) {
        finish(record, operation.name, limited);
        return limited;
      }
      if (caller.isReadOnly && operation.type === OperationTypeNode.MUTATION) {
        const errors = [mask(notAllowedByGet(operation.type))];
        const refused = { data: undefined, errors, refusal: NOT_ALLOWED };
        finish(record, operation.name, refused);
        return refused;
      }
      if (operation.type === OperationTypeNode.SUBSCRIPTION) {
        const answer = await subscribe(operation, caller, charged);
        finish(record, operation.name, 'answers' in answer ? { errors: [] } : answer);
        return answer;
      }
      const isMutation = operation.type === OperationTypeNode.MUTATION;
      const reportFailure = (failure: UpstreamError): void =>
        journal.failed(failure, { requestId: record.requestId, account });
      const execution = await executions
        .run({
          operation,
          caller,
          // A mutation is never shared.
          key: isMutation ? `mutation ${++mutations}` : caller.key,
          charge: charged,
          createContext: (signal, onHeld) =>
            contextOf(caller, signal, onHeld, isMutation ? reportFailure : undefined),
        })
        .catch(limitOf);
      if (execution instanceof OperationLimitError) {
        const ended = { data: undefined, errors: [mask(execution)], ...refusalBy(execution.code) };
        finish(record, operation.name, ended);
        return ended;
      }
      const { data, errors: thrown } = execution;
      const masked = thrown.map(mask);
      const errors = withinBytes(masked, mask);
      finish(record, operation.name, { errors });
      if (errors !== masked) return { data: NULL_DATA, errors };
      if (!caller.showsCost) return { data, errors };
      const { fieldCosts } = operation;
      return { data, errors, extensions: { cost: { estimated: cost, fields: fieldCosts() } } };
    },
  };
}

/** Completes what is logged about an operation: why, if the gateway refused what it could have executed. */
function finish(
  record: OperationRecord,
  name: string | undefined,
  { errors, refusal }: Pick<OperationAnswer, 'errors' | 'refusal'>,
): void {
  record.finish(name, errors, refusal !== undefined || REFUSAL_CODES.has(errors[0]?.extensions['code']));
}

/** What an operation is charged: its cost, or its work if that is more, as for introspection. */
function chargeOf({ cost, work }: OperationCost): number {
  return Math.max(cost, Math.ceil(work / WORK_PER_COST));
}

/** Returns what an operation was ended by. @throws whatever else it failed with */
function limitOf(error: unknown): OperationLimitError {
  if (error instanceof OperationLimitError) return error;
  throw error;
}

/** The response to an operation that the request's method does not allow. */
const NOT_ALLOWED = { status: 405, headers: { allow: 'POST' } };

const NULL_DATA = Buffer.from('{"data":null}');

function notAllowedByGet(type: OperationTypeNode): GraphQLError {
  return new GraphQLError(`A ${type} cannot be sent by GET; use POST.`, {
    extensions: { code: 'METHOD_NOT_ALLOWED' },
  });
}
