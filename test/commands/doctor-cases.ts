import type { ExaminedUpstreamOptions } from '../../src/doctor/examined-upstream.ts';
import { joinRepeatedKeys, NOW, type Script, type ScriptedAnswer } from './examined-upstream.ts';

/** An upstream, and with what it is examined. */
export interface Case extends Script {
  /** A sentence, which is a heading in docs/doctor-messages.md. */
  readonly name: string;
  /** In front of its host and port. @default 'http://' */
  readonly scheme?: 'http://' | 'https://';
  /** Behind them. */
  readonly path?: string;
  /** If it is another one than the scripted upstream. */
  readonly origin?: string;
  /** Those that differ from the usual ones. */
  readonly options?: Partial<ExaminedUpstreamOptions>;
  /** The levels other than ok that come, with their checks. */
  readonly finds: readonly string[];
}

const bearer = (key: string) => ({ credentials: { authorization: `Bearer ${key}` } });

const isHealth = (url: URL): boolean => url.pathname.startsWith('/v1/health');
const isRuns = (url: URL): boolean => url.pathname === '/v1/runs/';

/** Answers every request by the same. */
const always =
  (status: number, type: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
  (): ScriptedAnswer => ({ status, headers: { 'content-type': type, ...headers }, body });

/** Changes the rows of lists of runs, and single runs. */
const rows =
  (change: (row: Record<string, unknown>, index: number) => object) =>
  (answer: ScriptedAnswer, url: URL): ScriptedAnswer => {
    if (!/^\/v1\/runs\/(?:[\w-]+)?$/.test(url.pathname) || answer.status !== 200) return answer;
    const json = JSON.parse(answer.body);
    return { ...answer, body: JSON.stringify(Array.isArray(json) ? json.map(change) : change(json, 0)) };
  };

/** Changes the rows of other lists, by the last part of their paths. */
const changingParts =
  (changes: Readonly<Record<string, object>>) =>
  (answer: ScriptedAnswer, { pathname }: URL): ScriptedAnswer => {
    const change = changes[pathname.split('/').findLast((part) => part !== '') ?? ''];
    if (change === undefined) return answer;
    const items: readonly object[] = JSON.parse(answer.body);
    return { ...answer, body: JSON.stringify(items.map((item) => ({ ...item, ...change }))) };
  };

const version =
  (text: string) =>
  (answer: ScriptedAnswer, url: URL): ScriptedAnswer =>
    isHealth(url) ? { ...answer, body: JSON.stringify({ version: text, status: 'ok' }) } : answer;

function without(row: Record<string, unknown>, field: string): object {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== field));
}

const HTML = '<!doctype html><title>Welcome</title>';

export const CASES: readonly Case[] = [
  { name: 'All is well', finds: [] },
  {
    name: 'All is well on a server like Letta Cloud',
    api: { profile: 'cloud' },
    options: bearer('sk-let-1'),
    finds: ['note internal list', ...Array<string>(4).fill('note server')],
  },
  { name: 'Nothing listens there', origin: '127.0.0.1:1', finds: ['problem connection'] },
  { name: 'The address says https, the server does not', scheme: 'https://', finds: ['problem connection'] },
  { name: 'The address says http, the server wants TLS', isSecure: true, finds: ['problem connection'] },
  {
    name: 'A self-signed certificate',
    isSecure: true,
    scheme: 'https://',
    finds: ['problem connection'],
  },
  { name: 'Not a Letta server', answer: always(200, 'text/html', HTML), finds: ['problem connection'] },
  { name: 'The path prefix is wrong', path: '/letta', finds: ['problem connection'] },
  { name: 'Only a proxy answers', answer: always(502, 'text/html', HTML), finds: ['problem connection'] },
  { name: 'The key is missing', api: { password: 'sesame' }, finds: ['problem credentials'] },
  {
    name: 'The key is wrong',
    api: { password: 'sesame' },
    options: bearer('sk-let-old'),
    finds: ['problem credentials'],
  },
  {
    name: 'The key may not read runs',
    answer: (answer, url) =>
      isHealth(url) ? answer : always(403, 'application/json', '{"detail":"Forbidden"}')(),
    options: bearer('sk-let-weak'),
    finds: ['problem credentials'],
  },
  {
    name: 'The project is unknown',
    api: { profile: 'cloud' },
    options: { ...bearer('sk-let-1'), project: { 'x-project': 'third-project' } },
    finds: ['problem project'],
  },
  {
    name: 'The server ignores projects',
    options: { project: { 'x-project': 'second-project' } },
    finds: ['note project'],
  },
  { name: 'The server is too old', answer: version('0.11.7'), finds: ['problem server'] },
  {
    name: 'The server is old',
    api: { dialect: 'documented' },
    answer: (answer, url) =>
      rows((row) => without(row, 'conversation_id'))(version('0.13.0')(answer, url), url),
    finds: ['note rows', ...Array<string>(9).fill('note server')],
  },
  { name: 'The server is newer', answer: version('0.17.0'), finds: ['note server'] },
  {
    name: 'Rows have what this gateway does not know',
    answer: rows((row, index) => ({ ...row, mood: 'fine', ...(index === 0 && { status: 'paused' }) })),
    finds: ['note rows'],
  },
  {
    name: 'Steps, messages and agents have what this gateway does not know',
    answer: changingParts({
      steps: { status: 'paused' },
      messages: { message_type: 'dream_message' },
      agents: { agent_type: undefined },
    }),
    finds: ['note steps', 'note messages', 'note agents'],
  },
  {
    name: 'A row can not be read',
    answer: rows((row, index) => ({ ...row, ...(index === 3 && { created_at: 'yesterday' }) })),
    finds: ['problem rows'],
  },
  {
    name: 'Rows are out of order',
    answer: (answer, url) =>
      isRuns(url) ? { ...answer, body: JSON.stringify(JSON.parse(answer.body).toReversed()) } : answer,
    finds: ['problem rows'],
  },
  {
    name: 'Cursors are ignored',
    ask(url) {
      for (const cursor of ['before', 'after']) url.searchParams.delete(cursor);
      return url;
    },
    finds: ['problem runs', 'problem steps', 'problem messages', 'note agents'],
  },
  {
    name: 'UPSTREAM_DIALECT is wrong',
    options: { forcedDialect: 'documented' },
    finds: ['problem runs'],
  },
  {
    name: 'Lists have at most 10 rows',
    api: { maxLimit: 10 },
    finds: ['note runs', 'note steps', 'note messages', 'note agents'],
  },
  {
    name: 'Lists are cut short silently',
    ask(url) {
      if (Number(url.searchParams.get('limit')) > 30) url.searchParams.set('limit', '30');
      return url;
    },
    finds: ['problem full pages'],
  },
  {
    name: 'The list of agents fails',
    answer: (answer, url) =>
      url.pathname === '/v1/agents/'
        ? always(500, 'application/json', '{"detail":"An unknown error occurred"}')()
        : answer,
    finds: ['note agents'],
  },
  { name: 'An answer is too large', options: { maxBytes: 5000 }, finds: ['problem credentials'] },
  { name: 'Repeated keys are joined', ask: joinRepeatedKeys, finds: ['note repeated keys'] },
  {
    name: 'Lists have no durations',
    answer: rows((row) => ({ ...row, total_duration_ns: null })),
    finds: ['note durations'],
  },
  {
    name: 'There are no runs yet',
    runs: 0,
    finds: ['note steps', 'note messages', 'note repeated keys', 'note internal list', 'note durations'],
  },
  {
    name: 'A clock is off',
    answer: (answer) => ({
      ...answer,
      headers: { ...answer.headers, date: new Date(NOW + 3_600_000).toUTCString() },
    }),
    finds: ['problem clock'],
  },
  { name: 'It is far away', milliseconds: 400, finds: ['note latency'] },
  { name: 'It is slow', milliseconds: 3000, finds: ['problem latency'] },
  {
    name: 'It refuses requests for a time',
    answer: (answer, url) =>
      isHealth(url)
        ? answer
        : always(429, 'application/json', '{"error":"Rate limited"}', { 'retry-after': '30' })(),
    finds: ['problem credentials', 'note quota'],
  },
];
