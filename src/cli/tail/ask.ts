import type { TailConfig } from '../../config/tail-settings.ts';
import { parseInputJson } from '../../json/parse-json.ts';

/** Milliseconds that a query may take, which only makes the output nicer. */
const TIMEOUT_MS = 5_000;

/** Sends an operation. @param accept the media type that is wanted */
export function send(
  { url, token, project, projectId }: TailConfig,
  operation: { readonly query: string; readonly variables: object },
  accept: string,
  signal: AbortSignal,
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      accept,
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(project !== undefined && { 'x-project': project }),
      ...(projectId !== undefined && { 'x-project-id': projectId }),
    },
    body: JSON.stringify(operation),
    signal,
  });
}

/** Returns the data of a query; undefined if there is none, for whatever reason: following the runs says why. */
export async function ask<Data>(
  config: TailConfig,
  query: string,
  variables: object,
): Promise<Data | undefined> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await send(config, { query, variables }, 'application/json', signal);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- What the query selects.
    const { data } = parseInputJson(await response.text()) as { data?: Data | null };
    return data ?? undefined;
  } catch {
    return undefined;
  }
}
