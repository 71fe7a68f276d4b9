import { HANGS, type UpstreamAnswer } from './scripted-upstream.ts';

/** Stands for whatever an upstream says that is none of a client's business. */
export const SECRET = 'actor-secret-4711';

export interface Fault {
  readonly name: string;
  readonly answer: UpstreamAnswer | Promise<never>;
  readonly code: string;
  readonly attempts: number;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;
  /** Extensions besides those that every error has. */
  readonly more?: Readonly<Record<string, unknown>>;
}

const run = (n: number, rest: object = {}) => ({
  id: `run-0000000${n}-0000-4000-8000-000000000000`,
  agent_id: 'agent-1',
  created_at: `2025-01-01T00:00:0${n}Z`,
  status: 'completed',
  ...rest,
});

export const status = (code: number, headers: Record<string, string> = {}): UpstreamAnswer => ({
  status: code,
  headers,
  body: { detail: SECRET },
});
const page = (code: number): UpstreamAnswer => ({
  status: code,
  headers: { 'content-type': 'text/html' },
  body: `<!doctype html><title>${SECRET}</title>`,
});
/** As undici reports what happens to a connection. */
export const broken = (code: string): Error =>
  Object.assign(new Error(`${code} ${SECRET} http://upstream.test/`), { code });

const INVALID = 'UPSTREAM_INVALID_RESPONSE';
const UNAVAILABLE = 'UPSTREAM_UNAVAILABLE';
const REJECTED = 'UPSTREAM_REJECTED';

type Row = readonly [name: string, answer: Fault['answer'], code: string, retryAfterSeconds?: number];

const rows = (attempts: number, retryable: boolean, faults: readonly Row[]): readonly Fault[] =>
  faults.map(([name, answer, code, retryAfterSeconds]) => ({
    name,
    answer,
    code,
    attempts,
    retryable,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  }));

/** What an upstream may do in place of answering with three completed runs at most. */
export const FAULTS: readonly Fault[] = [
  ...rows(3, true, [
    ['408', status(408), REJECTED],
    ['409 that says when', status(409, { 'retry-after': '0' }), REJECTED, 0],
    ['429 that says when', status(429, { 'retry-after': '0' }), 'RATE_LIMITED', 0],
    ['500', status(500), 'UPSTREAM_ERROR'],
    ['502 with a page', page(502), UNAVAILABLE],
    ['503', status(503), UNAVAILABLE],
    ['504', status(504), UNAVAILABLE],
    ['520 with a page', page(520), 'UPSTREAM_ERROR'],
    ['526 with a page', page(526), 'UPSTREAM_ERROR'],
    ['a refused connection', broken('ECONNREFUSED'), UNAVAILABLE],
    ['a reset', broken('ECONNRESET'), UNAVAILABLE],
    ['a connection that is closed', broken('UND_ERR_SOCKET'), UNAVAILABLE],
    ['no connection in time', broken('UND_ERR_CONNECT_TIMEOUT'), UNAVAILABLE],
    ['a name that is not known', broken('ENOTFOUND'), UNAVAILABLE],
    ['a certificate that is not trusted', broken('SELF_SIGNED_CERT_IN_CHAIN'), UNAVAILABLE],
  ]),
  ...rows(1, true, [
    ['409', status(409), REJECTED],
    ['429', status(429), 'RATE_LIMITED'],
    ['429 that says much later', status(429, { 'retry-after': '3600' }), 'RATE_LIMITED', 3600],
    ['429 that says nonsense', status(429, { 'retry-after': 'soon' }), 'RATE_LIMITED'],
    ['501', status(501), 'UPSTREAM_ERROR'],
    ['503 that says much later', status(503, { 'retry-after': '3600' }), UNAVAILABLE, 3600],
    ['silence', HANGS, 'UPSTREAM_TIMEOUT'],
  ]),
  ...rows(1, false, [
    ['400', status(400), REJECTED],
    ['401', status(401), 'UNAUTHENTICATED'],
    ['402', status(402), REJECTED],
    ['403', status(403), 'FORBIDDEN'],
    ['404 for the list', status(404), REJECTED],
    ['410', status(410), REJECTED],
    ['422', status(422), REJECTED],
    ['a redirect to itself', status(307, { location: '/v1/runs/' }), INVALID],
    ['a redirect elsewhere', status(302, { location: `http://${SECRET}.test/` }), INVALID],
    ['204', { status: 204, body: '' }, INVALID],
    ['206', status(206), INVALID],
    ['an encoding that was not asked for', { body: [], headers: { 'content-encoding': 'gzip' } }, INVALID],
    ['nothing', { body: '' }, INVALID],
    ['a page', page(200), INVALID],
    ['half a JSON', { body: '[{"id":"run-1"' }, INVALID],
    ['an object', status(200), INVALID],
    ['a text', { body: JSON.stringify(SECRET) }, INVALID],
    ['null', { body: null }, INVALID],
    ['a list of nulls', { body: [null] }, INVALID],
    ['rows without ids', { body: [{ ...run(1), id: undefined }] }, INVALID],
    ['rows without agents', { body: [run(1, { agent_id: null })] }, INVALID],
    ['rows without a time', { body: [run(1, { created_at: null })] }, INVALID],
    ['metadata that is no object', { body: [run(1, { metadata: SECRET })] }, INVALID],
    ['rows out of order', { body: [run(1), run(2)] }, INVALID],
    ['repeated rows', { body: [run(2), run(2)] }, INVALID],
    ['more rows than asked', { body: [4, 3, 2, 1].map((n) => run(n)) }, INVALID],
  ]),
  {
    name: 'rows that do not match',
    answer: { body: [run(2, { status: 'failed' })] },
    code: INVALID,
    attempts: 1,
    retryable: false,
    more: { ignoredArguments: ['statuses'] },
  },
];
