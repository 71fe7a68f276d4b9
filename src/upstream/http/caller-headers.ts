import type { Credentials } from '../credentials.ts';

/** Who sends a request, and the headers that go with it. */
export interface CallerHeaders extends Credentials {
  readonly requestId: string | undefined;
}

/** What every request accepts. */
export const ACCEPT_HEADERS = { accept: 'application/json', 'accept-encoding': 'identity' } as const;

/** No other headers of the caller are forwarded: `user_id` would let anyone act as any user. */
export function headersOf({ authorization, requestId }: CallerHeaders): Record<string, string> {
  const headers: Record<string, string> = { ...ACCEPT_HEADERS };
  if (authorization !== null) headers['authorization'] = authorization;
  if (requestId !== undefined) headers['x-request-id'] = requestId;
  return headers;
}
