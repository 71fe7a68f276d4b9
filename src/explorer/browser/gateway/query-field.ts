import type { Document } from '../documents/runs.ts';
import { ApiError, asApiError } from './api-error.ts';
import { query } from './request.ts';
import { askForToken } from './token-form.ts';

/** Sends a document, and returns one of its fields. Throws why it is null. Asks for a token if none was accepted. */
export async function queryField<Data, Variables, Name extends keyof Data>(
  document: Document<Data, Variables>,
  variables: Variables,
  name: Name,
  signal?: AbortSignal,
): Promise<NonNullable<Data[Name]>> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      const { data, errors } = await query(document, variables, { signal });
      const found = data[name];
      if (found !== null && found !== undefined) return found;
      const error = errors.find(({ path }) => path?.[0] === name);
      throw new ApiError(error ?? { message: 'The gateway has no answer.' });
    } catch (error) {
      if (!isFirst || asApiError(error).code !== 'UNAUTHENTICATED') throw error;
      await askForToken();
    }
  }
}
