import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { graphqlRequest, type Headers } from '../../support/execute.ts';
import { forAll } from '../../support/for-all.ts';
import { openGateway } from '../../support/open-gateway.ts';

/** As many bytes as a body may have. */
const MOST = 256 * 1024;
const BODY = '{"query":"{ __typename }"}';

const opened = await forAll(openGateway());

async function send(body: BodyInit, headers?: Headers) {
  const response = await opened.gateway.fetch(
    graphqlRequest('', headers, { body, duplex: 'half' } as object),
  );
  const { data, errors } = Object(await response.json());
  return { status: response.status, headers: response.headers, data, code: errors?.[0].extensions.code };
}

const SERVED = { status: 200, data: { __typename: 'Query' } };
const TOO_LARGE = { status: 413, code: 'PAYLOAD_TOO_LARGE' };
const padded = (length: number) => BODY + ' '.repeat(length - BODY.length);

describe('The body of a POST', () => {
  it('of 256 KiB is read, and one of a byte more is refused, as a stream as well', async () => {
    expect(await send(padded(MOST))).toMatchObject(SERVED);
    expect(await send(new Blob([padded(MOST)]).stream())).toMatchObject(SERVED);
    expect(await send(padded(MOST + 1))).toMatchObject(TOO_LARGE);
    expect(await send(new Blob([padded(MOST + 1)]).stream())).toMatchObject(TOO_LARGE);
  });

  it('that comes byte by byte is read', async () => {
    const pieces = Readable.from(Array.from(padded(10_000), (byte) => Buffer.from(byte)));
    expect(await send(Readable.toWeb(pieces) as ReadableStream)).toMatchObject(SERVED);
  });

  it('with Content-Encoding: gzip is decoded up to 256 KiB', async () => {
    const headers = { 'content-encoding': 'GZIP' };
    const query = `{ __typename } # ${'ü'.repeat(20_000)}`;
    expect(await send(gzipSync(JSON.stringify({ query })), headers)).toMatchObject(SERVED);
    const largest = gzipSync(padded(MOST));
    expect(await send(largest, headers)).toMatchObject(SERVED);
    expect(await send(gzipSync(padded(4 * MOST)), headers)).toMatchObject(TOO_LARGE);
    for (const broken of [largest.subarray(0, -3), largest.subarray(5), BODY]) {
      expect(await send(broken, headers)).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    }
  });

  it.each(['x', 'gzip, gzip', 'gzip, identity', 'br', '', '__proto__'])(
    'with Content-Encoding: %s is refused',
    async (coding) => {
      const { status, code, headers } = await send(gzipSync(BODY), { 'content-encoding': coding });
      expect([status, code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
      expect(headers.get('accept-encoding')).toBe('gzip');
    },
  );

  it.each([
    [{ 'content-encoding': 'Identity' }, 200],
    [{ 'content-type': 'Application/JSON ; charset=utf-8' }, 200],
    [{ 'content-type': 'text/plain; application/json' }, 415],
    [{ 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ])('with %j is answered with %d', async (headers, status) => {
    expect(await send(BODY, headers)).toMatchObject({ status });
  });

  it('of a caller without a token is left unread', async () => {
    await using own = await openGateway({ config: { accessTokens: ['t'], apiKey: 'key' } });
    let pulls = 0;
    const body = new ReadableStream({ pull: () => void pulls++ }, { highWaterMark: 0 });
    const request = graphqlRequest('', {}, { body, duplex: 'half' } as object);
    expect((await own.gateway.fetch(request)).status).toBe(401);
    expect([pulls, request.bodyUsed]).toEqual([0, false]);
  });
});
