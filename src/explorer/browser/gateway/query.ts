import type { Document } from '../documents/runs.ts';
import { type AnswerError, ApiError } from './api-error.ts';
import { type Answer, answerIn, send } from './request.ts';
import { askForToken, isRefused } from './token-form.ts';

/**
 * Sends a query or a mutation; once more with another token if none was accepted.
 *
 * @throws ApiError if there is no data
 */
export async function query<Data, Variables>(
  document: Document<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<{ readonly data: Data; readonly errors: readonly AnswerError[] }> {
  const ask = async (): Promise<Answer<Data>> => answerIn(await send(document, variables, { signal }));
  let answer = await ask();
  if (answer.errors.some(isRefused)) {
    await askForToken();
    answer = await ask();
  }
  const { data, errors } = answer;
  if (data === null) throw new ApiError(errors[0] ?? { message: 'The gateway has no answer.' });
  return { data, errors };
}

/** As `query`, for one field of the answer. Throws why it is null. */
export async function queryField<Data, Variables, Name extends keyof Data>(
  document: Document<Data, Variables>,
  variables: Variables,
  name: Name,
  signal?: AbortSignal,
): Promise<NonNullable<Data[Name]>> {
  const { data, errors } = await query(document, variables, signal);
  const found = data[name];
  if (found !== null && found !== undefined) return found;
  const error = errors.find(({ path }) => path?.[0] === name);
  throw new ApiError(error ?? { message: 'The gateway has no answer.' });
}
