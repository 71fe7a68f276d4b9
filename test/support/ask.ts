import type { Gateway } from '../../src/gateway-options.ts';
import { type Answer, post } from './execute.ts';

/** A caller: its token, and perhaps its project, as `token/project`. */
export type Caller = string;

export function headersOf(caller: Caller): Readonly<Record<string, string>> {
  const [token, project] = caller.split('/');
  return { authorization: `Bearer ${token}`, ...(project !== undefined && { 'x-project': project }) };
}

/** Sends a query of a caller. @param signal aborts when its client leaves */
export async function ask(
  gateway: Gateway,
  caller: Caller,
  query: string,
  signal?: AbortSignal,
): Promise<Answer<unknown>> {
  return JSON.parse(await post(gateway, { query }, headersOf(caller), signal));
}

/** The extension of the first error, or `served`. */
export function codeOf({ errors }: Answer<unknown>): unknown {
  return errors?.[0]?.extensions?.['code'] ?? 'served';
}
