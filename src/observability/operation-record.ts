/** What is logged about one GraphQL request: no variables, no credentials. */
export class OperationRecord {
  readonly requestId: string;
  /** The name of the operation in its document. */
  name: string | undefined;
  /** `OK`, or the code of the first error. */
  code = 'OK';
  /** Why it was refused, for the operator, unless it was executed: nothing that the client sent. */
  refusal: string | undefined;
  /** Upstream requests that it started or joined. */
  upstreamRequests = 0;

  constructor(requestId: string) {
    this.requestId = requestId;
  }
}
