import type { OperationAnswer } from './operation-request.ts';

type Refusal = Pick<OperationAnswer, 'refusal'>;

const UNAVAILABLE: Refusal = { refusal: { status: 503, headers: { 'retry-after': '1' } } };

/** Of operations that were not executed to their end, and of streams that don't begin, by code. */
const REFUSALS: ReadonlyMap<unknown, Refusal> = new Map<string, Refusal>([
  // So that a proxy can choose another replica.
  ['SUBSCRIPTION_DRAINED', UNAVAILABLE],
  ['OVERLOADED', UNAVAILABLE],
  ['OPERATION_TIMEOUT', { refusal: { status: 504, headers: {} } }],
]);

/** The HTTP response for the code of an error that is all that an operation came to, if it has one of its own. */
export function refusalBy(code: unknown): Refusal | undefined {
  return REFUSALS.get(code);
}
