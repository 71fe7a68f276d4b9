import { once } from 'node:events';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createAttempts } from '../../../src/upstream/http/attempt.ts';
import { openUpstreamTls, type TlsFiles } from '../../../src/upstream/http/upstream-tls.ts';
import { type Authority, createAuthority, HAS_OPENSSL } from '../../support/certificates.ts';
import { startForwardProxy } from '../../support/forward-proxy.ts';

const noError = (error: Error): void => {
  throw error;
};

/** A server that wants a certificate of the authority, and answers with the name in it. */
async function startServer(authority: Authority) {
  const server = createServer(
    {
      cert: readFileSync(authority.file('server.pem')),
      key: readFileSync(authority.file('server.key')),
      ca: readFileSync(authority.file('ca.pem')),
      requestCert: true,
      rejectUnauthorized: true,
    },
    ({ socket }, response) =>
      response.end(JSON.stringify((socket as TLSSocket).getPeerCertificate().subject.CN)),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `https://localhost:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function open(baseUrl: string, files: TlsFiles, proxy?: string) {
  const tls = openUpstreamTls(files, noError, 50);
  const attempts = createAttempts({ baseUrl, timeoutMs: 10_000, maxBytes: 1_000, tls, proxy, maxAgeMs: 50 });
  return {
    ask: () =>
      attempts.get({
        path: '',
        headers: {},
        read: (body) => body.text(),
        signal: new AbortController().signal,
      }),
    async [Symbol.asyncDispose]() {
      tls?.[Symbol.dispose]();
      await attempts[Symbol.asyncDispose]();
    },
  };
}

describe.skipIf(!HAS_OPENSSL)('TLS to the upstream (needs openssl)', () => {
  it('trusts an authority of its own, and shows a certificate, also through a proxy', async () => {
    using authority = createAuthority();
    authority.issue('server', 'server');
    authority.issue('client', 'first');
    await using server = await startServer(authority);
    const ca = { upstreamCa: authority.file('ca.pem') };
    const files = {
      ...ca,
      upstreamCert: authority.file('client.pem'),
      upstreamKey: authority.file('client.key'),
    };
    await using proxy = await startForwardProxy('user:p@ss');
    const byProxy = `http://user:p%40ss@127.0.0.1:${proxy.port}`;
    await using direct = open(server.baseUrl, files);
    await using proxied = open(server.baseUrl, files, byProxy);
    await using untrusting = open(server.baseUrl, { ...files, upstreamCa: undefined });
    await using anonymous = open(server.baseUrl, ca);
    await expect(direct.ask()).resolves.toBe('"first"');
    await expect(proxied.ask()).resolves.toBe('"first"');
    expect(proxy.asked).toEqual([`CONNECT ${server.baseUrl.slice('https://'.length)}`]);
    await expect(untrusting.ask()).rejects.toThrow(/certificate/);
    await expect(anonymous.ask()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  it.each([false, true])('shows a certificate that was renewed (through a proxy: %s)', async (isProxied) => {
    using authority = createAuthority();
    authority.issue('server', 'server');
    authority.issue('client', 'first');
    authority.issue('renewed', 'second');
    await using server = await startServer(authority);
    await using proxy = await startForwardProxy();
    const files = {
      upstreamCa: authority.file('ca.pem'),
      upstreamCert: authority.file('client.pem'),
      upstreamKey: authority.file('client.key'),
    };
    await using upstream = open(
      server.baseUrl,
      files,
      isProxied ? `http://127.0.0.1:${proxy.port}` : undefined,
    );
    await expect(upstream.ask()).resolves.toBe('"first"');
    copyFileSync(authority.file('renewed.pem'), files.upstreamCert);
    copyFileSync(authority.file('renewed.key'), files.upstreamKey);
    await expect.poll(() => upstream.ask(), { timeout: 15_000 }).toBe('"second"');
  });

  it('says which file can not be used', () => {
    using authority = createAuthority();
    authority.issue('client', 'client');
    const upstreamCert = authority.file('client.pem');
    const missing = { upstreamCa: authority.file('missing.pem') };
    expect(() => openUpstreamTls(missing, noError)).toThrow(/^UPSTREAM_CA: ENOENT/);
    expect(() => openUpstreamTls({ upstreamCert }, noError)).toThrow(/go together/);
    const foreign = { upstreamCert, upstreamKey: authority.file('ca.key') };
    expect(() => openUpstreamTls(foreign, noError)).toThrow(/key is not that of the certificate/);
    writeFileSync(authority.file('empty.pem'), 'nothing');
    const noPem = { upstreamCert: authority.file('empty.pem'), upstreamKey: authority.file('client.key') };
    expect(() => openUpstreamTls(noPem, noError)).toThrow(/not valid PEM/);
    expect(() => openUpstreamTls({ upstreamCa: authority.file('empty.pem') }, noError)).toThrow(
      /UPSTREAM_CA/,
    );
  });

  it('opens nothing without files', () => {
    expect(openUpstreamTls({}, noError)).toBeUndefined();
  });

  it('carries HTTP/1.1, also where HTTP/2 is offered, so that requests share no connection', async () => {
    using authority = createAuthority();
    authority.issue('server', 'server');
    const asked: string[] = [];
    const server = createSecureServer(
      {
        allowHTTP1: true,
        cert: readFileSync(authority.file('server.pem')),
        key: readFileSync(authority.file('server.key')),
      },
      ({ httpVersion }, response) => {
        asked.push(httpVersion);
        response.end('1');
      },
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await using proxy = await startForwardProxy();
    const baseUrl = `https://localhost:${(server.address() as AddressInfo).port}`;
    for (const by of [undefined, `http://127.0.0.1:${proxy.port}`]) {
      await using client = open(baseUrl, { upstreamCa: authority.file('ca.pem') }, by);
      expect(await client.ask()).toBe('1');
    }
    expect(asked).toEqual(['1.1', '1.1']);
    server.close();
  });
});
