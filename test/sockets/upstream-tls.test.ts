import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAttempts } from '../../src/upstream/http/attempt.ts';
import { openUpstreamTls, type TlsFiles } from '../../src/upstream/http/upstream-tls.ts';
import { LETTA } from '../../src/upstream/letta/letta-conventions.ts';
import { type Authority, createAuthority } from '../support/certificates.ts';
import { startForwardProxy } from '../support/forward-proxy.ts';
import { lacksProgram } from '../support/lacks.ts';
import { listenOn } from '../support/listen-on.ts';

/** A server that offers HTTP/2, may want a certificate of the authority, and answers with its name and the version. */
async function startServer(authority: Authority, host = 'localhost', requestCert = true) {
  const server = createSecureServer(
    {
      allowHTTP1: true,
      cert: readFileSync(authority.file('server.pem')),
      key: readFileSync(authority.file('server.key')),
      ca: readFileSync(authority.file('ca.pem')),
      requestCert,
      rejectUnauthorized: true,
    },
    ({ socket, httpVersion }, response) => {
      const { subject } = (socket as TLSSocket).getPeerCertificate();
      response.end(`${String(subject?.CN)} by ${httpVersion}`);
    },
  );
  const listening = await listenOn(server);
  return { ...listening, baseUrl: `https://${host}:${listening.port}` };
}

function open(baseUrl: string, files: TlsFiles, upstreamProxy?: string) {
  const tls = openUpstreamTls(files);
  const options = { upstreamUrl: baseUrl, upstreamTimeoutMs: 3000, maxBytes: 1000, tls, upstreamProxy };
  const attempts = createAttempts(options, LETTA);
  const request = { path: '', headers: {}, signal: new AbortController().signal };
  return {
    ask: () => attempts.send(request, String),
    readAgain: () => tls?.read(),
    [Symbol.asyncDispose]: () => attempts[Symbol.asyncDispose](),
  };
}

/** An authority with certificates of the server and of two clients, and the files of the first one. */
function issued() {
  const authority = createAuthority();
  authority.issue('server', 'server');
  authority.issue('client', 'first');
  authority.issue('renewed', 'second');
  const files = {
    upstreamCa: authority.file('ca.pem'),
    upstreamCert: authority.file('client.pem'),
    upstreamKey: authority.file('client.key'),
  };
  return { authority, files, [Symbol.dispose]: () => authority[Symbol.dispose]() };
}

describe.skipIf(lacksProgram('openssl'))('TLS to the upstream', () => {
  it.each([
    ['localhost', false],
    ['localhost', true],
    ['127.0.0.1', false],
  ])(
    'trusts an authority of its own and shows a certificate, also one that is renewed (%s, by a proxy: %s)',
    async (host, isProxied) => {
      using pki = issued();
      await using server = await startServer(pki.authority, host);
      await using proxy = await startForwardProxy();
      const by = isProxied ? `http://127.0.0.1:${proxy.port}` : undefined;
      await using upstream = open(server.baseUrl, pki.files, by);
      // HTTP/1.1, so that requests share no connection.
      expect(await upstream.ask()).toBe('first by 1.1');
      expect(proxy.asked).toEqual(isProxied ? [`CONNECT ${server.baseUrl.slice('https://'.length)}`] : []);
      copyFileSync(pki.authority.file('renewed.pem'), pki.files.upstreamCert);
      copyFileSync(pki.authority.file('renewed.key'), pki.files.upstreamKey);
      upstream.readAgain();
      expect(await upstream.ask()).toBe('second by 1.1');
    },
  );

  it('trusts an authority no longer that was replaced', async () => {
    using pki = issued();
    using other = createAuthority();
    const { upstreamCa } = pki.files;
    await using server = await startServer(pki.authority, 'localhost', false);
    await using upstream = open(server.baseUrl, { upstreamCa });
    expect(await upstream.ask()).toBe('undefined by 1.1');
    copyFileSync(other.file('ca.pem'), upstreamCa);
    upstream.readAgain();
    await expect(upstream.ask()).rejects.toThrow(/certificate/);
  });

  it('goes by an https proxy that asks for a certificate, and is shown none', async () => {
    using pki = issued();
    const read = (name: string) => readFileSync(pki.authority.file(name), 'utf8');
    const [cert, key, ca] = [read('server.pem'), read('server.key'), read('ca.pem')];
    const trusted = getCACertificates();
    onTestFinished(() => setDefaultCACertificates(trusted));
    // As by NODE_EXTRA_CA_CERTS: UPSTREAM_CA is for the API alone, too.
    setDefaultCACertificates([...trusted, ca]);
    await using server = await startServer(pki.authority);
    const wanted = { cert, key, ca, requestCert: true, rejectUnauthorized: false };
    await using proxy = await startForwardProxy(undefined, wanted);
    const shown: unknown[] = [];
    proxy.server.on('secureConnection', (socket: TLSSocket) =>
      shown.push(socket.getPeerCertificate().subject?.CN),
    );
    await using upstream = open(server.baseUrl, pki.files, `https://localhost:${proxy.port}`);
    expect(await upstream.ask()).toBe('first by 1.1');
    expect(shown).toEqual([undefined]);
  });

  it('is refused without the authority, and without a certificate', async () => {
    using pki = issued();
    await using server = await startServer(pki.authority);
    await using untrusting = open(server.baseUrl, { ...pki.files, upstreamCa: undefined });
    await using anonymous = open(server.baseUrl, { upstreamCa: pki.files.upstreamCa });
    await expect(untrusting.ask()).rejects.toThrow(/certificate/);
    await expect(anonymous.ask()).rejects.toThrow();
  });

  it('says which file can not be used', () => {
    using pki = issued();
    const { upstreamCert, upstreamKey } = pki.files;
    const empty = pki.authority.file('empty.pem');
    writeFileSync(empty, 'nothing');
    for (const [files, problem] of [
      [{ upstreamCa: pki.authority.file('missing.pem') }, /ENOENT: .*missing\.pem/],
      [{ upstreamCert }, /go together/],
      [{ upstreamCert, upstreamKey: pki.authority.file('ca.key') }, /key values mismatch/],
      [{ upstreamCert: empty, upstreamKey }, /expected PEM files/],
      [{ upstreamCa: empty }, /UPSTREAM_CA/],
    ] as const) {
      expect(() => openUpstreamTls(files)).toThrow(problem);
    }
    expect(openUpstreamTls({})).toBeUndefined();
  });
});
