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

/** Characters and lines of a document; telling where an error is takes time for each line before it. */
export const MAX_CHARACTERS = 100_000;
export const MAX_LINES = 2_000;
/** Tokens of a document; people and their tools need a few hundred. */
export const MAX_TOKENS = 5_000;
/** Selections after all fragments are spread; as many as a document without fragments can have. */
export const MAX_SELECTIONS = 5_000;
/** Fields within fields. */
export const MAX_DEPTH = 200;
/** Characters of a key in the answer: it may be written very often. */
export const MAX_KEY = 128;
/**
 * Work that an operation may make for each unit that it may cost. A value that the executor makes is
 * 10 of it; one that is copied is 1, and so is one in the list of an argument. What the default allows,
 * 50,000 values of the executor, keeps the event loop for less than a tenth of a second.
 */
export const WORK_PER_COST = 50;
