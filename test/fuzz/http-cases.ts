import type { Random } from '../../embedded-api/samples/random.ts';
import { type CaseMaker, HOSTILE_TEXTS, randomBytes, request } from './case.ts';
import {
  ACCEPTS,
  BODIES,
  BODY,
  HEADERS,
  METHODS,
  NO_JSON,
  PATHS,
  QUERY_STRINGS,
  SHAPES,
  TYPES,
} from './http-inputs.ts';

/** Well framed requests that are wrong in themselves. */
export const httpCases: Readonly<Record<string, CaseMaker>> = {
  'body that is no JSON': (random) =>
    request({
      body: random.chance(0.3)
        ? randomBytes(random, random.between(1, 500))
        : cut(random.pick(NO_JSON), random),
    }),
  'JSON of another shape': (random) => request({ body: random.pick(SHAPES) }),
  'deep JSON': (random) => {
    const depth = random.pick([100, 1_000, 10_000]);
    const deep = random.pick([
      `${'['.repeat(depth)}${']'.repeat(depth)}`,
      `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
      '['.repeat(depth),
    ]);
    return request({ body: random.pick([deep, `{"query":"{__typename}","variables":{"a":${deep}}}`]) });
  },
  'huge text': (random) => {
    const length = random.pick([10_000, 100_000, 1_000_000]);
    const text = random.pick(['x', 'é', '{', '"', '#', ' ']).repeat(length);
    return request({
      body: JSON.stringify(random.pick<unknown>([{ query: text }, text, { query: '{__typename}', x: text }])),
    });
  },
  'content type': (random) =>
    request({
      headers: { 'content-type': random.pick(TYPES), accept: random.pick(ACCEPTS) },
      body: random.pick(BODIES),
    }),
  method: (random) => {
    const method = random.pick(METHODS);
    return request({ method, body: random.chance(0.5) ? BODY : '' });
  },
  path: (random) => request({ method: random.pick(['GET', 'POST']), target: random.pick(PATHS), body: BODY }),
  'query string': (random) =>
    request({
      method: random.chance(0.8) ? 'GET' : 'POST',
      target: `/graphql${random.pick(QUERY_STRINGS)}`,
      headers: { accept: random.pick(ACCEPTS) },
    }),
  header: (random) =>
    request({
      headers: {
        'content-type': 'application/json',
        accept: random.pick(ACCEPTS),
        [random.pick(HEADERS)]: headerValue(random),
      },
      body: BODY,
    }),
  // Rare: the page weighs megabytes.
  GraphiQL: () => request({ method: 'GET', headers: { accept: 'text/html' } }),
};

function cut(text: string, random: Random): string {
  return random.chance(0.3) ? text.slice(0, random.between(0, text.length)) : text;
}

const [TAB, SPACE, QUESTION_MARK, DELETE] = [0x09, 0x20, 0x3f, 0x7f] as const;

/** Any bytes that a header may hold. */
function headerValue(random: Random): string {
  const text = random.chance(0.5)
    ? random.pick(HOSTILE_TEXTS).slice(0, 5_000)
    : randomBytes(random, 40).toString('latin1');
  const allowed = Buffer.from(text, 'latin1').map((byte) =>
    byte === TAB || (byte >= SPACE && byte !== DELETE) ? byte : QUESTION_MARK,
  );
  return Buffer.from(allowed).toString('latin1');
}
