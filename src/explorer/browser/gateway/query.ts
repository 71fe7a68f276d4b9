import { type ResponseError, ApiError } from '../../../client/api-error.ts';
import type { Document } from '../documents/runs.ts';
import { createStore } from '../store.ts';
import { type GraphQLResult, readResult, send } from './request.ts';
import { askForToken, isRefused } from './token-form.ts';

/** Whether the caller may cancel and answer, as a result has said. */
export const access = createStore({ mayWrite: false });

/**
 * Sends a query or a mutation; asks for a token and sends it again if the token was refused.
 *
 * @throws ApiError if there is no data
 */
export async function query<Data, Variables>(
  document: Document<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<{ readonly data: Data; readonly errors: readonly ResponseError[] }> {
  const attempt = async (): Promise<GraphQLResult<Data>> =>
    readResult(await send(document, variables, { signal }));
  let result = await attempt();
  if (result.errors.some(isRefused)) {
    await askForToken();
    result = await attempt();
  }
  const { data, errors } = result;
  if (data === null) throw new ApiError(errors[0] ?? { message: 'The gateway has no answer.' });
  const { mayWrite }: { readonly mayWrite?: unknown } = Object(data);
  if (typeof mayWrite === 'boolean') access.set({ mayWrite });
  return { data, errors };
}

/** Sends a query as `query` does, and returns one field of the data. @throws ApiError also if this field is null */
export async function queryField<Data, Variables, Name extends keyof Data>(
  document: Document<Data, Variables>,
  variables: Variables,
  name: Name,
  signal?: AbortSignal,
): Promise<NonNullable<Data[Name]>> {
  const { data, errors } = await query(document, variables, signal);
  const value = data[name];
  if (value !== null && value !== undefined) return value;
  const error = errors.find(({ path }) => path?.[0] === name);
  throw new ApiError(error ?? { message: 'The gateway has no answer.' });
}
