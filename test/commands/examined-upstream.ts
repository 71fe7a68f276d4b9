import { createServer as createHttpServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { insertSamples } from '../../embedded-api/samples/sample-runs.ts';
import { type RunsApiOptions, startRunsApi } from '../../embedded-api/server.ts';
import { RunStore } from '../../embedded-api/store.ts';
import { CERTIFICATE, KEY } from './certificate.ts';

/** The time at which all of it begins. */
export const NOW = Date.parse('2026-03-01T12:00:00Z');

/** Changes the address that the upstream sees. */
type Rewrite = (url: URL) => URL;

/** What some proxies make of repeated keys: one key, its values joined by commas. */
export const joinRepeatedKeys: Rewrite = (url) => {
  for (const key of new Set(url.searchParams.keys())) {
    url.searchParams.set(key, url.searchParams.getAll(key).join(','));
  }
  return url;
};

/** An answer on its way to the doctor. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @param number of the request, from 1 */
type Answerer = (
  answer: ScriptedAnswer,
  url: URL,
  headers: IncomingHttpHeaders,
  number: number,
) => ScriptedAnswer;

export interface Script {
  /** What the embedded runs API behind it is like. */
  readonly api?: Omit<RunsApiOptions, 'store' | 'now'>;
  /** The number of sample runs. @default 60 */
  readonly runs?: number;
  /** Changes what is asked. */
  readonly ask?: Rewrite;
  /** Changes what is answered. */
  readonly answer?: Answerer;
  /** How long an answer takes, in milliseconds of a clock that nothing else moves. @default 12 */
  readonly milliseconds?: number;
  /** Whether it speaks TLS, with a certificate signed by itself. */
  readonly isSecure?: true;
}

export interface ScriptedUpstream extends AsyncDisposable {
  /** Its host and port. */
  readonly origin: string;
  readonly now: () => number;
}

/** The embedded runs API with sample runs, and a proxy before it that may spoil it. */
export async function startScripted(script: Script): Promise<ScriptedUpstream> {
  const { ask = (url) => url, answer = (given) => given, milliseconds = 12 } = script;
  let time = NOW;
  let number = 0;
  await using parts = new AsyncDisposableStack();
  const store = new RunStore();
  insertSamples(store, { count: script.runs ?? 60, seed: 1, now: new Date(NOW) });
  const { baseUrl } = parts.use(await startRunsApi({ ...script.api, store, now: () => new Date(NOW) }));
  const respond: RequestListener = (request, response) => {
    const url = new URL(request.url ?? '', baseUrl);
    const sent = Object.entries(request.headers).filter(([name]) =>
      /^(?:authorization|x-project)/.test(name),
    );
    const headers = Object.fromEntries(sent.map(([name, value]) => [name, String(value)]));
    const forward = async (): Promise<void> => {
      const real = await fetch(ask(url), { headers, redirect: 'manual' });
      time += milliseconds;
      const given = {
        'content-type': real.headers.get('content-type') ?? 'text/plain',
        date: new Date(time).toUTCString(),
      };
      const plain = { status: real.status, headers: given, body: await real.text() };
      const changed = answer(plain, url, request.headers, ++number);
      response.sendDate = false;
      response.writeHead(changed.status, { ...changed.headers }).end(changed.body);
    };
    forward().catch(() => response.destroy());
  };
  const server = script.isSecure
    ? createHttpsServer({ key: KEY, cert: CERTIFICATE }, respond)
    : createHttpServer(respond);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  parts.defer(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const started = parts.move();
  return {
    origin: `127.0.0.1:${port}`,
    now: () => time,
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}
