import type { OperationTrace } from './tracing.ts';

/** What names the program of a client, as Apollo's and others' clients send it. */
const CLIENT_HEADERS = {
  name: ['apollographql-client-name', 'graphql-client-name'],
  version: ['apollographql-client-version', 'graphql-client-version'],
} as const;
const MAX_CLIENT_LENGTH = 64;
const PRINTABLE = /^[\x20-\x7e]+$/;

type SentHeaders = Readonly<Record<string, unknown>>;

/** What is known about one GraphQL request when it has been answered: no variables, no credentials. */
export class OperationRecord {
  readonly requestId: string;
  readonly clientName: string | undefined;
  readonly clientVersion: string | undefined;
  readonly trace: OperationTrace | undefined;
  /** The name of the operation in its document. */
  name: string | undefined;
  /** `query`, `mutation` or `subscription`. */
  type: string | undefined;
  /** The SHA-256 of its document. */
  documentHash: string | undefined;
  /** `OK`, or the code of the first error. */
  code = 'OK';
  /** Why it was refused, for the operator, unless it was executed: nothing that the client sent. */
  refusal: string | undefined;
  /** Upstream requests that it started or joined. */
  upstreamRequests = 0;
  /** Whether it shared the execution of an identical one, which has the requests. */
  isJoined = false;
  /** Bytes of its answer, before they are compressed. */
  bytes = 0;

  /** @param headers of the request, by names in lower case */
  constructor(requestId: string, headers: SentHeaders = {}, trace?: OperationTrace) {
    this.requestId = requestId;
    this.clientName = clientText(headers, CLIENT_HEADERS.name);
    this.clientVersion = clientText(headers, CLIENT_HEADERS.version);
    this.trace = trace;
  }

  /** What an open stream keeps of it, which has to be small. */
  ofStream(): OperationRecord {
    return this.#like(this.trace);
  }

  /** For one event of a stream: its requests are its own, not those of a stream that may last for days. */
  ofEvent(): OperationRecord {
    return this.#like(this.trace?.startEvent?.() ?? this.trace);
  }

  #like(trace: OperationTrace | undefined): OperationRecord {
    const record = new OperationRecord(this.requestId, {}, trace);
    record.name = this.name;
    record.type = this.type;
    record.documentHash = this.documentHash;
    return record;
  }
}

function clientText(headers: SentHeaders, names: readonly string[]): string | undefined {
  for (const name of names) {
    const given = headers[name];
    if (typeof given === 'string' && PRINTABLE.test(given)) return given.slice(0, MAX_CLIENT_LENGTH);
  }
  return undefined;
}
