import type { Random } from '../../embedded-api/samples/random.ts';
import { type CaseMaker, garbage, randomBytes, request } from './case.ts';

const BODY = '{"query":"{__typename}"}';

const REQUEST_LINES = [
  'POST',
  'POST /graphql',
  'POST /graphql HTTP/9.9',
  'POST /graphql HTTP/1.1 HTTP/1.1',
  'POST  /graphql  HTTP/1.1',
  'post /graphql HTTP/1.1',
  'P\0ST /graphql HTTP/1.1',
  'POST /gra\0phql HTTP/1.1',
  'POST /graphql\x7f\xff HTTP/1.1',
  'POST http://[ HTTP/1.1',
  'POST http://a:b:c/graphql HTTP/1.1',
  'POST graphql HTTP/1.1',
  'CONNECT 127.0.0.1:1 HTTP/1.1',
  'PRI * HTTP/2.0',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  '\r\n\r\n\r\nPOST /graphql HTTP/1.1',
  `POST /${'x'.repeat(20_000)} HTTP/1.1`,
] as const;

const HEADERS = [
  'no colon',
  ': no name',
  'na me: x',
  'na\0me: x',
  'x: a\0b',
  'x: a\rb',
  ' folded: x',
  'x: y\r\n folded',
  'content-length: -1',
  'content-length: 1e3',
  'content-length: 24, 24',
  'content-length: 99999999999999999999',
  'content-length: 24\r\ncontent-length: 25',
  'content-length: 24\r\ntransfer-encoding: chunked',
  'transfer-encoding: chunked, identity',
  'transfer-encoding: gzip',
  'transfer-encoding:\x0bchunked',
  'host: a\r\nhost: b',
  'host: [',
  'host: a b',
  'host: \xff',
  'expect: 200-maybe',
  'connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: x',
  'connection: close, keep-alive',
  `x: ${'y'.repeat(40_000)}`,
  Array.from({ length: 3_000 }, (_, index) => `x${index}: y`).join('\r\n'),
] as const;

const CHUNKS = [
  'zz\r\n[]\r\n0\r\n\r\n',
  '-1\r\n[]\r\n0\r\n\r\n',
  'ffffffffffffffffff\r\n[]\r\n0\r\n\r\n',
  '7fffffff\r\n[]',
  '2\r\n[]0\r\n\r\n',
  '2\n[]\n0\n\n',
  '2;x=\0\r\n[]\r\n0\r\n\r\n',
  `2;${'x'.repeat(20_000)}\r\n[]\r\n0\r\n\r\n`,
  '2\r\n[]\r\n0\r\nbad trailer\r\n\r\n',
  '2\r\n[]\r\n',
  '0',
  '',
] as const;

/** Bytes that no client of HTTP would send. */
export const rawCases: Readonly<Record<string, CaseMaker>> = {
  'random bytes': (random) => garbage(randomBytes(random, random.between(1, 2_000))),
  'broken request line': (random) =>
    garbage(`${random.pick(REQUEST_LINES)}\r\nhost: localhost\r\n${framed(BODY)}`),
  'broken headers': (random) =>
    garbage(`POST /graphql HTTP/1.1\r\nhost: localhost\r\n${random.pick(HEADERS)}\r\n${framed(BODY)}`),
  'broken chunks': (random) => {
    const head = 'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json';
    return garbage(`${head}\r\ntransfer-encoding: chunked\r\n\r\n${random.pick(CHUNKS)}`);
  },
  'broken off': (random) => {
    const { bytes } = request({ body: BODY });
    return garbage(bytes.subarray(0, random.between(1, bytes.length - 1)));
  },
  'flipped bytes': (random) => garbage(flipped(request({ body: BODY }).bytes, random)),
  'several at once': (random) => {
    const whole = request({ body: BODY }).bytes;
    return garbage(Buffer.concat(Array.from({ length: random.between(2, 8) }, () => whole)));
  },
};

function framed(body: string): string {
  return `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

function flipped(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  for (let flips = random.between(1, 4); flips > 0; flips--) {
    copy[random.between(0, copy.length - 1)] = random.between(0, 255);
  }
  return copy;
}
