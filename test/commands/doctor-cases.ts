import { NOW, type Script, type ScriptedAnswer } from './scripted-upstream.ts';

/** An upstream, and what the doctor says of it. */
interface Case extends Script {
  /** A sentence. */
  readonly name: string;
  /** All findings but those that are ok: status, check and a part of what is said. */
  readonly finds: readonly (readonly [status: string, check: string, text: string, advice?: string])[];
}

type Answerer = NonNullable<Script['answer']>;

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

/** Changes the rows of lists of runs. */
const rows =
  (change: (row: Record<string, unknown>, index: number) => object): Answerer =>
  (answer, url) => {
    const json: unknown = url.pathname === '/v1/runs/' ? JSON.parse(answer.body) : undefined;
    return Array.isArray(json) ? { ...answer, body: JSON.stringify(json.map(change)) } : answer;
  };

const version =
  (text: string): Answerer =>
  (answer: ScriptedAnswer, url) =>
    isHealth(url) ? { ...answer, body: JSON.stringify({ version: text, status: 'ok' }) } : answer;

/** Cuts lists at a number of rows without a word. */
const cutAt = (rowsAtMost: number) => (url: URL) => {
  if (Number(url.searchParams.get('limit')) > rowsAtMost) url.searchParams.set('limit', String(rowsAtMost));
};

const HTML = { 'content-type': 'text/html' };
const PROJECT = { 'x-project': 'third-project' };

export const CASES: readonly Case[] = [
  { name: 'All is well', finds: [] },
  {
    name: 'Nothing listens there',
    baseUrl: 'http://127.0.0.1:1',
    finds: [
      ['problem', 'connection', 'the connection is refused: nothing listens there', 'Start the runs API'],
    ],
  },
  {
    name: 'The address says https, the server does not',
    baseUrl: 'https://HOST',
    finds: [['problem', 'connection', 'the server does not speak TLS', 'with http://']],
  },
  {
    name: 'The address says http, the server wants TLS',
    isSecure: true,
    finds: [['problem', 'connection', 'closed without an answer', 'may want https://']],
  },
  {
    name: 'A self-signed certificate',
    isSecure: true,
    baseUrl: 'https://HOST',
    finds: [['problem', 'connection', 'its certificate is signed by itself', 'UPSTREAM_CA']],
  },
  {
    name: 'Not a Letta server',
    answer: always(200, '<!doctype html>', HTML),
    finds: [['problem', 'connection', 'is not a Letta server: GET /v1/health/ answered 200 with text/html']],
  },
  {
    name: 'The path prefix is wrong',
    baseUrl: 'http://HOST/letta',
    finds: [['problem', 'connection', 'is not a Letta server: GET /v1/health/ answered 404', 'without /v1']],
  },
  {
    name: 'It redirects',
    answer: (_answer, url) =>
      always(301, '', { location: `https://letta.test${url.pathname}` })(_answer, url, {}),
    finds: [
      [
        'problem',
        'connection',
        'redirects to https://letta.test/v1/health/',
        'Set LETTA_BASE_URL to https://letta.test',
      ],
    ],
  },
  {
    name: 'Only a proxy answers',
    answer: always(502, '<!doctype html>', HTML),
    finds: [['problem', 'connection', 'GET /v1/health/ answered 502', 'A proxy answers']],
  },
  {
    name: 'The health check is hidden',
    answer: (answer, url) => (isHealth(url) ? { ...answer, status: 404 } : answer),
    finds: [['warning', 'connection', 'answers, but not to the health check (404)']],
  },
  {
    name: 'The server is too old',
    answer: version('0.11.7'),
    finds: [['problem', 'connection', 'Letta 0.11.7 is too old', 'Update it to 0.12.0']],
  },
  {
    name: 'The server is newer',
    answer: version('0.16.10'),
    finds: [['warning', 'connection', 'Letta 0.16.10']],
  },
  {
    name: 'The key is wrong',
    api: { password: 'sesame' },
    options: { apiKey: 'barley' },
    finds: [['problem', 'credentials', 'the key is refused (401)', 'Correct LETTA_API_KEY']],
  },
  {
    name: 'The key is one of the Cloud',
    api: { password: 'sesame' },
    options: { apiKey: 'sk-let-1' },
    finds: [['problem', 'credentials', 'it looks like one of Letta Cloud']],
  },
  {
    name: 'The key may not read runs',
    answer: sick(always(403, '{"detail":"Forbidden"}')),
    options: { apiKey: 'weak' },
    finds: [['problem', 'credentials', '403', 'use another LETTA_API_KEY']],
  },
  {
    name: 'It refuses requests for a time',
    answer: sick(always(429, '{"error":"Rate limited"}', { 'retry-after': '30' })),
    finds: [['problem', 'credentials', '429', 'raise the quota']],
  },
  {
    name: 'An answer is too large',
    options: { maxBytes: 5000 },
    finds: [['problem', 'credentials', 'larger than 5000 bytes', 'reads no more']],
  },
  {
    name: 'There are no runs',
    api: { runs: 0 },
    finds: [['warning', 'credentials', 'there are no runs', 'of another server']],
  },
  {
    name: 'The project is refused',
    api: { profile: 'cloud' },
    options: { apiKey: 'sk-let-1', project: PROJECT },
    finds: [['problem', 'credentials', 'the project third-project is refused', 'Correct LETTA_PROJECT']],
  },
  {
    name: 'The project has no runs',
    answer: sick((answer, _url, headers) => ('x-project' in headers ? { ...answer, body: '[]' } : answer)),
    options: { project: PROJECT },
    finds: [
      ['warning', 'credentials', 'there are no runs', 'the project'],
      ['warning', 'project', 'third-project has no runs, while there are some without it'],
    ],
  },
  {
    name: 'A clock is off',
    answer: (answer) => ({
      ...answer,
      headers: { ...answer.headers, date: new Date(NOW + 3_600_000).toUTCString() },
    }),
    finds: [['problem', 'clock', "3600 s ahead of this machine's", 'NTP']],
  },
  {
    name: 'Rows have what this gateway does not know',
    answer: rows((row, index) => ({ ...row, mood: 'fine', ...(index === 0 && { status: 'paused' }) })),
    finds: [['warning', 'runs', 'new field mood', 'UNRECOGNIZED']],
  },
  {
    name: 'A row can not be read',
    answer: rows((row, index) => ({ ...row, ...(index === 3 && { created_at: 'yesterday' }) })),
    finds: [['problem', 'credentials', 'created_at', 'a proxy that changes them']],
  },
  {
    name: 'Rows are out of order',
    answer: (answer, url) =>
      isHealth(url) ? answer : { ...answer, body: JSON.stringify(JSON.parse(answer.body).toReversed()) },
    finds: [['problem', 'credentials', 'does not come after', 'a proxy that changes them']],
  },
  {
    name: 'Cursors are ignored',
    ask(url) {
      for (const cursor of ['before', 'after']) url.searchParams.delete(cursor);
    },
    finds: [['problem', 'runs', 'cursors are of no use']],
  },
  {
    name: 'UPSTREAM_DIALECT is wrong',
    options: { dialect: 'documented' },
    finds: [
      ['problem', 'runs', 'cursors are reversed, but UPSTREAM_DIALECT says documented', 'or to reversed'],
    ],
  },
  {
    name: 'Lists are cut short without a word',
    ask: cutAt(30),
    finds: [['problem', 'runs', 'only 30 come, though there are more', 'a proxy that changes `limit`']],
  },
];
