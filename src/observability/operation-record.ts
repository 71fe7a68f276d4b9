import type { UpstreamTrace } from '../upstream/trace.ts';
import type { SentHeaders } from './trace-context.ts';

/** The headers in which clients of Apollo and others name themselves. */
const CLIENT_HEADERS = {
  name: ['apollographql-client-name', 'graphql-client-name'],
  version: ['apollographql-client-version', 'graphql-client-version'],
} as const;
const MAX_CLIENT_LENGTH = 64;
const isPrintable = (text: unknown): text is string =>
  typeof text === 'string' && /^[\x20-\x7e]+$/.test(text);

/** The trace of an operation. Without a tracer, the trace context of the request goes upstream unchanged. */
export interface OperationTrace extends UpstreamTrace {
  /** Shown in the log. */
  readonly traceId: string;
  /** Ends the span of the operation. @param request by HTTP, with the status of its response; none for an event */
  readonly end?: (
    record: OperationRecord,
    request?: { method: string; path: string; status: number },
  ) => void;
  /** Starts the trace of one event, linked to the trace of its subscription: streams may last for days. */
  readonly startEvent?: () => OperationTrace;
}

/** The data of a GraphQL request for log, metrics and traces: no variables, no credentials. */
export class OperationRecord {
  readonly requestId: string;
  readonly clientName: string | undefined;
  readonly clientVersion: string | undefined;
  readonly trace: OperationTrace | undefined;
  /** The name of the operation in its document. */
  name: string | undefined;
  /** `query`, `mutation` or `subscription`. */
  type: string | undefined;
  documentHash: string | undefined;
  /** `OK`, or the code of the first error. */
  code = 'OK';
  /** Why the operation was refused, for the operator; without any text of the client. */
  refusal: string | undefined;
  /** The upstream requests that the operation started or joined. */
  upstreamRequests = 0;
  /** Whether the operation joined the execution of an identical one, which counts the upstream requests. */
  isJoined = false;
  /** The bytes of the response before compression. */
  bytes = 0;

  constructor(requestId: string, headers: SentHeaders = {}, trace?: OperationTrace) {
    this.requestId = requestId;
    this.clientName = clientText(headers, CLIENT_HEADERS.name);
    this.clientVersion = clientText(headers, CLIENT_HEADERS.version);
    this.trace = trace;
  }

  /** Returns a small copy for an open stream; for one of its events, with the trace of the event. */
  ofStream(trace = this.trace): OperationRecord {
    const record = new OperationRecord(this.requestId, {}, trace);
    record.name = this.name;
    record.type = this.type;
    record.documentHash = this.documentHash;
    return record;
  }
}

function clientText(headers: SentHeaders, names: readonly string[]): string | undefined {
  const text = names.map((name) => headers[name]).find(isPrintable);
  return text?.slice(0, MAX_CLIENT_LENGTH);
}
