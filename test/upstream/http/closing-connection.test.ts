import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createRestClient } from '../../../src/upstream/http/rest-client.ts';
import { credentialsOf } from '../../support/credentials.ts';
import { answerWith, type RawAnswer, startRawUpstream } from '../../support/raw-upstream.ts';

const CALLER = { ...credentialsOf('one'), requestId: undefined };

/**
 * Answers the first requests by 500 and keeps the connections, as it says; but closes them when the next request
 * arrives. uvicorn does so after an error that the application doesn't handle.
 */
function closingAfter500(failures: number): { answer: RawAnswer; closed: () => number } {
  const doomed = new Set<Socket>();
  let closed = 0;
  let failed = 0;
  const answer: RawAnswer = (socket, request) => {
    if (doomed.has(socket)) {
      closed += 1;
      socket.destroy();
    } else if (failed < failures) {
      failed += 1;
      doomed.add(socket);
      answerWith(500, '{"detail":"An unknown error occurred"}', { connection: 'keep-alive' })(
        socket,
        request,
      );
    } else {
      answerWith(200, '[1]')(socket, request);
    }
  };
  return { answer, closed: () => closed };
}

describe('A connection that is closed after a 500 without notice', () => {
  it('costs the request that meets it one more attempt', async () => {
    const { answer, closed } = closingAfter500(1);
    await using upstream = await startRawUpstream(answer);
    await using client = createRestClient({ baseUrl: upstream.baseUrl, timeoutMs: 5000, maxBytes: 1e6 });
    expect(await client.get('v1/runs/', CALLER, (body) => body.text(), new AbortController())).toBe('[1]');
    expect(closed()).toBe(1);
    expect(upstream.heads).toHaveLength(3);
  });

  it('fails none of the later requests, after a request that got nothing but that', async () => {
    const { answer, closed } = closingAfter500(2);
    await using upstream = await startRawUpstream(answer);
    await using client = createRestClient({ baseUrl: upstream.baseUrl, timeoutMs: 5000, maxBytes: 1e6 });
    const ask = () => client.get('v1/runs/', CALLER, (body) => body.text(), new AbortController());
    // By 500, by the close of that connection, and by 500 on a new one.
    await expect(ask()).rejects.toMatchObject({ code: 'UPSTREAM_ERROR' });
    expect(upstream.heads).toHaveLength(3);
    expect([await ask(), await ask()]).toEqual(['[1]', '[1]']);
    expect(closed()).toBe(2);
  });
});
