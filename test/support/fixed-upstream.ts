import { serve } from './serve.ts';

/** A server that gives one answer to everything. */
export async function startFixedUpstream(
  body: string,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Promise<AsyncDisposable & { readonly baseUrl: string }> {
  const served = await serve((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body);
  });
  return {
    ...served,
  };
}
