/** Why an operation isn't served although it is valid. */
type OperationLimitCode = 'COST_LIMIT_EXCEEDED' | 'OPERATION_TOO_LARGE' | 'RESPONSE_TOO_LARGE';

/** An operation asks for more than one operation may; the message is for the client. */
export class OperationLimitError extends Error {
  override readonly name = 'OperationLimitError' as const;
  readonly code: OperationLimitCode;
  /** What the error's extensions say besides. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: OperationLimitCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** Selections after all fragments are spread; as many as a document without fragments can have. */
export const MAX_SELECTIONS = 10_000;
/** Fields within fields. */
export const MAX_DEPTH = 200;
/**
 * Work that an operation may make for each unit that it may cost: a value that the executor makes is
 * 10 of it, one that is copied 1. 50,000 values, which is what the default allows, keep the event loop
 * for less than a tenth of a second.
 */
export const WORK_PER_COST = 50;
