import { createServer as createHttpServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { startEmbeddedApi } from '../../embedded-api/index.ts';
import { examine } from '../../src/doctor/examine.ts';
import { createExaminedUpstream, type ExaminedUpstreamOptions } from '../../src/doctor/examined-upstream.ts';
import type { Report } from '../../src/doctor/finding.ts';
import { listenOn } from '../support/listen-on.ts';
import { CERTIFICATE, KEY } from './certificate.ts';

/** The time at which all of it begins. */
const NOW = Date.parse('2026-03-01T12:00:00Z');

/** An answer on its way to the doctor. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An upstream, and with what it is examined. */
export interface Script {
  /** What the embedded runs API behind it is like, with 60 sample runs. */
  readonly api?: Partial<Parameters<typeof startEmbeddedApi>[0]>;
  /** Changes what is asked. */
  readonly ask?: (url: URL) => void;
  /** Changes what is answered. */
  readonly answer?: (answer: ScriptedAnswer, url: URL, headers: IncomingHttpHeaders) => ScriptedAnswer;
  /** Whether it speaks TLS, with a certificate signed by itself. */
  readonly isSecure?: true;
  /** The address that is examined, with `HOST` for that of the scripted upstream. @default 'http://HOST' */
  readonly baseUrl?: string;
  readonly options?: Partial<ExaminedUpstreamOptions>;
}

/** Examines a scripted upstream: the embedded runs API, and a proxy before it that may spoil its answers. */
export async function examineScripted(script: Script): Promise<Report> {
  const { ask, answer = (given) => given, isSecure, baseUrl = 'http://HOST', options } = script;
  await using api = await startEmbeddedApi({ runs: 60, onError: console.error, ...script.api });
  const respond: RequestListener = (request, response) => {
    const url = new URL(request.url ?? '', api.baseUrl);
    const sent = Object.entries(request.headers).filter(([name]) => /^authorization|^x-project/.test(name));
    const headers = Object.fromEntries(sent.map(([name, value]) => [name, String(value)]));
    const forward = async (): Promise<void> => {
      const asked = new URL(url);
      ask?.(asked);
      const real = await fetch(asked, { headers, redirect: 'manual' });
      const type = real.headers.get('content-type') ?? 'text/plain';
      const given = { 'content-type': type, date: new Date(NOW).toUTCString() };
      const changed = answer({ status: real.status, headers: given, body: await real.text() }, url, headers);
      response.sendDate = false;
      response.writeHead(changed.status, { ...changed.headers }).end(changed.body);
    };
    forward().catch(() => response.destroy());
  };
  const server = isSecure
    ? createHttpsServer({ key: KEY, cert: CERTIFICATE }, respond)
    : createHttpServer(respond);
  await using listening = await listenOn(server);
  const host = `127.0.0.1:${listening.port}`;
  await using upstream = createExaminedUpstream({
    upstreamUrl: baseUrl.replace('HOST', host),
    upstreamTimeoutMs: 10_000,
    maxBytes: 10_000_000,
    upstreamMaxInFlight: 10,
    upstreamDialect: 'auto',
    project: {},
    secrets: [],
    now: () => NOW,
    ...options,
  });
  const report = await examine(upstream);
  // The port is of no interest.
  return JSON.parse(JSON.stringify(report).replaceAll(host, 'HOST'));
}
