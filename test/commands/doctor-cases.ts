import type { Script, ScriptedAnswer } from './examine-scripted.ts';

type Answerer = NonNullable<Script['answer']>;

/** All findings of the doctor but those that are ok: status and check, and parts of what is said and advised. */
type Finding = readonly [what: `${'problem' | 'warning'} ${string}`, text: string, advice?: string];

const isHealth = (url: URL): boolean => url.pathname.startsWith('/v1/health');

/** Answers every request by the same. */
const always =
  (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answerer =>
  () => ({ status, headers: { 'content-type': 'application/json', ...headers }, body });

/** Leaves health checks as they are. */
const sick =
  (answer: Answerer): Answerer =>
  (given, url, headers) =>
    isHealth(url) ? given : answer(given, url, headers);

/** Changes the rows of the list of runs; those of active ones stay as they are. */
const rows =
  (change: (row: Record<string, unknown>, index: number) => object): Answerer =>
  (answer, url) => {
    const isList = url.pathname === '/v1/runs/' && !url.searchParams.has('active');
    const json: unknown = isList ? JSON.parse(answer.body) : undefined;
    return Array.isArray(json) ? { ...answer, body: JSON.stringify(json.map(change)) } : answer;
  };

const version =
  (text: string): Answerer =>
  (answer: ScriptedAnswer, url) =>
    isHealth(url) ? { ...answer, body: JSON.stringify({ version: text, status: 'ok' }) } : answer;

const HTML = { 'content-type': 'text/html' };
const PROJECT = { 'x-project': 'third-project' };
const SESAME = { password: 'sesame' };

/** Upstreams, and what the doctor says of them. */
export const CASES: readonly (readonly [name: string, script: Script, ...finds: readonly Finding[]])[] = [
  ['All is well', {}],
  [
    'Nothing listens there',
    { baseUrl: 'http://127.0.0.1:1' },
    ['problem connection', 'the connection is refused: nothing listens there', 'Start the runs API'],
  ],
  [
    'The address says https, the server does not',
    { baseUrl: 'https://HOST' },
    ['problem connection', 'the server does not speak TLS', 'with http://'],
  ],
  [
    'The address says http, the server wants TLS',
    { isSecure: true },
    ['problem connection', 'closed without an answer', 'may require https://'],
  ],
  [
    'A self-signed certificate',
    { isSecure: true, baseUrl: 'https://HOST' },
    ['problem connection', 'its certificate is self-signed', 'UPSTREAM_CA'],
  ],
  [
    'The path prefix is wrong',
    { baseUrl: 'http://HOST/letta' },
    ['problem connection', 'is not a Letta server: GET /v1/health/ answered 404', 'without /v1'],
  ],
  [
    'It redirects',
    {
      answer: (_answer, url) =>
        always(301, '', { location: `https://letta.test${url.pathname}` })(_answer, url, {}),
    },
    [
      'problem connection',
      'redirects to https://letta.test/v1/health/',
      'Set LETTA_BASE_URL to the address of the redirect',
    ],
  ],
  [
    'Only a proxy answers',
    { answer: always(502, '<!doctype html>', HTML) },
    ['problem connection', 'GET /v1/health/ answered 502', 'A proxy answers'],
  ],
  [
    'The health check is hidden',
    { answer: (answer, url) => (isHealth(url) ? { ...answer, status: 404 } : answer) },
    ['warning connection', 'answers, but not to the health check (404)'],
  ],
  [
    'The server is too old',
    { answer: version('0.11.7') },
    ['problem connection', 'Letta 0.11.7 is too old', 'Update it to 0.12.0'],
  ],
  ['The server is newer', { answer: version('0.16.10') }, ['warning connection', 'Letta 0.16.10']],
  [
    'The key is wrong',
    { api: SESAME, options: { apiKey: 'barley' } },
    ['problem credentials', 'the key is refused (401)', 'Correct LETTA_API_KEY'],
  ],
  [
    'The key is one of the Cloud',
    { api: SESAME, options: { apiKey: 'sk-let-1' } },
    ['problem credentials', 'the key is refused (401)', 'keys of Letta Cloud begin'],
  ],
  [
    'The key may not read runs',
    { answer: sick(always(403, '{"detail":"Forbidden"}')), options: { apiKey: 'weak' } },
    ['problem credentials', '403', 'use another LETTA_API_KEY'],
  ],
  [
    'It refuses requests for a time',
    { answer: sick(always(429, '{"error":"Rate limited"}', { 'retry-after': '30' })) },
    ['problem credentials', '429', 'raise the quota'],
  ],
  [
    'There are no runs',
    { api: { runs: 0 } },
    ['warning credentials', 'there are no runs', 'for another server'],
  ],
  [
    'The project is refused',
    { api: { profile: 'cloud' }, options: { apiKey: 'sk-let-1', project: PROJECT } },
    ['problem credentials', 'the project third-project is refused', 'Correct LETTA_PROJECT'],
  ],
  [
    'The project has no runs',
    {
      answer: sick((answer, _url, headers) => ('x-project' in headers ? { ...answer, body: '[]' } : answer)),
      options: { project: PROJECT },
    },
    ['warning credentials', 'there are no runs', 'the project'],
    ['warning project', 'third-project has no runs, while there are some without it'],
  ],
  [
    'Rows have what this gateway does not know',
    { answer: rows((row, index) => ({ ...row, mood: 'fine', ...(index === 0 && { status: 'paused' }) })) },
    ['warning runs', 'new field mood', 'UNRECOGNIZED'],
  ],
  [
    'A run never ended',
    {
      answer(answer, url) {
        if (!url.searchParams.has('active')) return answer;
        const [run]: readonly object[] = JSON.parse(answer.body);
        return { ...answer, body: JSON.stringify([{ ...run, created_at: '2020-01-01T00:00:00Z' }]) };
      },
    },
    ['warning runs', '1 run was created more than a day ago and never ended', 'without streaming'],
  ],
  [
    'A row can not be read',
    { answer: rows((row, index) => ({ ...row, ...(index === 3 && { created_at: 'yesterday' }) })) },
    ['problem credentials', 'created_at', 'a proxy that changes them'],
  ],
  [
    'Cursors are ignored',
    {
      ask(url) {
        for (const cursor of ['before', 'after']) url.searchParams.delete(cursor);
      },
    },
    ['problem runs', "cursors don't work"],
  ],
  [
    'UPSTREAM_DIALECT is wrong',
    { options: { upstreamDialect: 'documented' } },
    ['problem runs', 'cursors are reversed, but UPSTREAM_DIALECT says documented', 'or to reversed'],
  ],
  [
    'Lists are cut short without a word',
    {
      ask({ searchParams }) {
        if (Number(searchParams.get('limit')) > 30) searchParams.set('limit', '30');
      },
    },
    ['problem runs', 'only 30 arrive, though there are more', 'a proxy that changes `limit`'],
  ],
];
