import { hash } from 'node:crypto';
import { OperationTypeNode } from 'graphql';
import type { PreparedText, PrepareText } from '../engine/index.ts';
import { REFUSAL_CODES } from '../errors/error-codes.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { UpstreamError } from '../errors/upstream-error.ts';
import type { Live, LiveRuns } from '../live/index.ts';
import { type Context, createContext } from '../loaders/context.ts';
import { summarizeCalls } from '../observability/call-summary.ts';
import type { Journal } from '../observability/journal.ts';
import type { OperationRecord } from '../observability/operation-record.ts';
import { requestIdOf } from '../observability/request-id.ts';
import type { Prices } from '../runs/prices.ts';
import { pollerFor, type UpstreamCaller } from '../upstream/credentials.ts';
import { namesProject } from '../upstream/forwarded-headers.ts';
import type { RunsUpstream } from '../upstream/letta/runs-upstream.ts';
import type { UpstreamCall } from '../upstream/upstream-call.ts';
import { answerBody } from './answer-body.ts';
import type { PersistedDocuments } from './documents/persisted-documents.ts';
import { toGraphQLError } from './errors.ts';
import type { Executions } from './executions.ts';
import { failedAnswer, type Mask, withinBytes } from './failed-answer.ts';
import type { Caller, OperationAnswer, OperationRequest, OperationStream } from './operation-request.ts';
import type { RateLimit } from './rate-limit.ts';
import { createSubscribe } from './subscribe.ts';

/** Answers GraphQL requests, and counts and logs each. Rejects only if the client has disconnected. */
export interface Operations {
  /** @param request or what is wrong with it */
  answer(
    request: OperationRequest | GatewayError,
    caller: Caller,
  ): Promise<OperationAnswer | OperationStream>;
}

export interface OperationsOptions {
  readonly prepareText: PrepareText;
  /** Decides which text is executed, for every request and before anything is parsed. */
  readonly documents: PersistedDocuments;
  readonly upstream: RunsUpstream;
  /** Watches runs for subscriptions. */
  readonly live: Live;
  /** The rows that a field may read in search of runs. */
  readonly scanBudget: number;
  /** The prices of models as they are now, if there are any. */
  readonly prices: () => Prices | undefined;
  /** None by default. */
  readonly rateLimit: RateLimit | undefined;
  readonly executions: Executions;
  readonly journal: Journal;
}

export function createOperations(options: OperationsOptions): Operations {
  const { prepareText, documents, upstream, live, scanBudget, prices, rateLimit, executions, journal } =
    options;
  /** How many operations had to be executed for themselves. */
  let unshared = 0;

  /** @param reportFailure only for mutations: receives failures that are no errors of a field */
  const contextOf = (
    { credentials, record, keptBytes }: Caller,
    signal: AbortSignal,
    onHeld?: (bytes: number) => void,
    reportFailure?: (failure: UpstreamError) => void,
    charge = 0,
  ): Context => {
    const { requestId, trace } = record;
    // Many may share what is polled: each poll goes under an id of its own, and belongs to no trace.
    const opensAs =
      (pollerOf: (watched: string, sole: string | undefined) => UpstreamCaller) =>
      (pollSignal: AbortSignal, watched: string, sole: string | undefined) =>
        upstream.forCaller({
          ...pollerOf(watched, sole),
          requestId: requestIdOf(undefined),
          signal: pollSignal,
          onRequest: () => journal.polled(),
        });
    const watched = (): LiveRuns => {
      const { callerKey, account, isAlike, headers } = credentials;
      const shared = isAlike
        ? {
            isForMany: true,
            key: pollerFor(headers).callerKey,
            open: opensAs((list, sole) => pollerFor(headers, list, sole)),
          }
        : undefined;
      // Each connection has credentials of its own.
      const how = { account, keptBytes, shared, connection: credentials };
      return live.forCaller(
        callerKey,
        opensAs(() => credentials),
        how,
      );
    };
    const onRequest = (call: UpstreamCall): void => record.addCall(call);
    const changesRuns = reportFailure !== undefined;
    const own = { changesRuns, isOneOperation: true, onRequest, ...(onHeld && { onHeld }) };
    const runs = upstream.forCaller({ ...credentials, requestId, trace, signal, ...own });
    return createContext(runs, {
      live: watched,
      scanBudget,
      prices: prices(),
      readRateLimit: rateLimit && (() => rateLimit.read(credentials.account, charge)),
      report: reportFailure,
    });
  };

  const maskOf = ({ record: { requestId }, credentials }: Caller): Mask => {
    const { account, label } = credentials;
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
          journal.failed(cause, { requestId, account, label });
        },
        namesProject(credentials.headers),
      );
  };

  const subscribe = createSubscribe({ rateLimit, executions, contextOf, maskOf, journal });

  const execute = (
    operation: PreparedText,
    caller: Caller,
    charge: number,
    mask: Mask,
  ): Promise<OperationAnswer> => {
    const { record, credentials } = caller;
    const { requestId } = record;
    const { account, label } = credentials;
    const isMutation = operation.type === OperationTypeNode.MUTATION;
    const reportFailure = (failure: UpstreamError): void =>
      journal.failed(failure, { requestId, account, label });
    const request = {
      operation,
      caller,
      // A mutation is never shared, nor is what is explained: it tells of its own requests only.
      key: isMutation || caller.isExplained ? `alone ${++unshared}` : caller.key,
      charge,
      createContext: (signal: AbortSignal, onHeld: (bytes: number) => void) => {
        record.isJoined = false;
        return contextOf(caller, signal, onHeld, isMutation ? reportFailure : undefined, charge);
      },
    };
    record.isJoined = true;
    return executions.run(request).then(
      ({ data, errors: thrown }) => {
        const masked = thrown.map(mask);
        const errors = withinBytes(masked, mask);
        if (errors !== masked) return { data: operation.refusedData() ?? NULL_DATA, errors };
        if (!caller.showsCost || operation.refusal !== undefined) return { data, errors };
        const { cost, fieldCosts } = operation;
        return { data, errors, extensions: { cost: { estimated: cost, fields: fieldCosts() } } };
      },
      (error: unknown) => {
        if (!(error instanceof GatewayError)) throw error;
        record.isJoined = false;
        return refusedAnswer(operation, error, mask);
      },
    );
  };

  const answerTo = async (
    request: OperationRequest | GatewayError,
    caller: Caller,
  ): Promise<OperationAnswer | OperationStream> => {
    const { record, credentials } = caller;
    const { account } = credentials;
    const mask = maskOf(caller);
    if (request instanceof GatewayError) return failedAnswer([request], mask, 400);
    // Before anything is parsed, which takes time as well.
    const exhausted = rateLimit && (await rateLimit.chargeRequest(account));
    if (exhausted !== undefined) return failedAnswer([exhausted], mask, 429);
    const { document, operationName, variables } = request;
    const query = documents.resolve(document);
    if (typeof query !== 'string') return failedAnswer([query], mask);
    const operation = prepareText({ query, operationName, variables });
    if (!('execute' in operation)) {
      record.documentHash = hash('sha256', query);
      return failedAnswer(operation, mask);
    }
    record.name = operation.name;
    record.type = operation.type;
    record.documentHash = operation.documentHash;
    if (credentials.isReadOnly && operation.type === OperationTypeNode.MUTATION) {
      record.refusal = FOR_READING_ONLY;
      return failedAnswer([new GatewayError('FORBIDDEN', FOR_READING_ONLY)], mask);
    }
    const { charge } = operation;
    const limited = rateLimit && (await rateLimit.chargeCost(account, charge));
    if (limited !== undefined) return refusedAnswer(operation, limited, mask, 429);
    if (caller.isReadOnly && operation.type === OperationTypeNode.MUTATION) {
      return failedAnswer([notAllowedByGet(operation.type)], mask);
    }
    return operation.type === OperationTypeNode.SUBSCRIPTION
      ? await subscribe(operation, caller, charge)
      : await execute(operation, caller, charge, mask);
  };

  return {
    async answer(request, caller) {
      const start = performance.now();
      const { record, credentials } = caller;
      const answer = await answerTo(request, caller).catch((reason: unknown) => {
        // The client has disconnected.
        record.code = 'ABORTED';
        record.trace?.end?.(record);
        throw reason;
      });
      if ('data' in answer) record.bytes = lengthOf(answerBody(answer));
      const [error] = 'answers' in answer ? [] : answer.errors;
      if (error !== undefined) {
        const { code } = error.extensions;
        record.code = String(code);
        const isRefused = 'refusal' in answer || REFUSAL_CODES.has(code);
        // What is wrong with a request may be in words of its client.
        if (isRefused && !(request instanceof GatewayError)) record.refusal = error.message;
      }
      const ms = performance.now() - start;
      journal.operation(record, credentials, ms);
      return caller.isExplained && 'data' in answer ? explained(answer, record, ms) : answer;
    },
  };
}

/** Routers get data, and status 200, whatever they sent is refused for. */
function refusedAnswer(
  operation: PreparedText,
  error: GatewayError,
  mask: Mask,
  status?: number,
): OperationAnswer {
  const data = operation.refusedData();
  return data === undefined ? failedAnswer([error], mask, status) : { data, errors: [mask(error)] };
}

/** Adds what an answer took. Its caller may know that. */
function explained(answer: OperationAnswer, record: OperationRecord, ms: number): OperationAnswer {
  const { upstreamRequests, calls } = record;
  const explain = { ms: Math.round(ms * 10) / 10, upstreamRequests, calls: summarizeCalls(calls) };
  return { ...answer, extensions: { ...answer.extensions, explain } };
}

function lengthOf(body: readonly Uint8Array[]): number {
  let length = 0;
  for (const part of body) length += part.length;
  return length;
}

const NULL_DATA = Buffer.from('{"data":null}');

const FOR_READING_ONLY =
  'This access token is for reading only, and may not send mutations. Nothing was changed.';

function notAllowedByGet(type: OperationTypeNode): GatewayError {
  return new GatewayError('METHOD_NOT_ALLOWED', `A ${type} cannot be sent by GET; use POST.`);
}
