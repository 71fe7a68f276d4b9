import type { Attack } from './attacks.ts';
import { again, closed, dialWebSocket, hold, json, post, repeat, subscribe, times } from './wire.ts';

/** MiB that one caller may make the gateway hold in its account of memory: half of all. */
const CALLER_MB = 160;
const CONNECTION_MB = 1 / 16;
const KIB = 1024;
const EVENT_STREAM = 'text/event-stream';

/** A document of 4,900 tokens that is like no other. */
const LONG = (n: number): string =>
  `subscription S${n} { runEvents { ${repeat(1_600, (field) => `a${field}: runId`)} } }`;
/** Selections of runs that differ, so that each has a list of its own. */
const LIST = (n: number, after?: string): string =>
  `subscription { runEvents(createdAfter: "2020-01-01T00:00:${String(n % 60).padStart(2, '0')}.${Math.floor(n / 60)}Z"${after === undefined ? '' : `, after: "${after}"`}) { kind runId } }`;
/** The query string of a subscription with 15 KiB of objects that it doesn't need. */
const PARAMETERS = `query=subscription{runEvents{runId}}&variables={"a":[${repeat(5_000, () => '{}').replaceAll(' ', ',')}]}`;
const ROW = (n: number): string => `query R${n} { runs(first: ${1 + n}) { nodes { id metadata } } }`;

/** Attacks on what is held for a request, a stream or a poller, rather than on bytes that come and go. */
export const HELD_ATTACKS: Readonly<Record<string, Attack>> = {
  documents: {
    allowedMb: CALLER_MB + 400 * CONNECTION_MB,
    run: (target) =>
      times(400, (n) => hold(target, post(target.token, json({ query: LONG(n) }), EVENT_STREAM), true)),
  },
  socketDocuments: {
    allowedMb: CALLER_MB + 7 * CONNECTION_MB,
    run: (target) => times(7, (n) => listen(target, target.token, (id) => subscribe(id, LONG(100 * n + id)))),
  },
  parameters: {
    allowedMb: CALLER_MB + 2_000 * CONNECTION_MB,
    run: (target) => times(2_000, () => hold(target, get(target.token), true)),
  },
  pipelined: {
    allowedMb: CALLER_MB + 50 * CONNECTION_MB + (50 * 10 * 24) / KIB,
    run: (target) => times(50, () => hold(target, get(target.token).repeat(10), true)),
  },
  /** Six callers who go on from where 4,800 runs are new, each in a hundred lists. */
  behind: {
    upstream: 'plain',
    allowedMb: 2 * CALLER_MB,
    run: (target) =>
      times(6, (n) => listen(target, `${target.token}${n}`, (id) => subscribe(id, LIST(id, target.runId)))),
  },
  lists: {
    upstream: 'plain',
    allowedMb: CALLER_MB,
    run: (target) => listen(target, target.token, (id) => subscribe(id, LIST(id))),
  },
  largeRows: {
    upstream: 'large',
    allowedMb: 2 * CALLER_MB,
    run: (target) =>
      again(target, () => times(40, (n) => hold(target, post(target.token, json({ query: ROW(n) }))))),
  },
  pieces: {
    allowedMb: 8,
    run: (target) => times(8, () => hold(target, IN_PIECES(target.token))),
  },
};

/** A body of 256 KiB in chunks of a byte, whose end is missing. */
const IN_PIECES = (token: string): string =>
  post(token, '').replace('content-length: 0', 'transfer-encoding: chunked') +
  '1\r\n \r\n'.repeat(256 * KIB - 1);

/** The text of a GET for a stream of events. */
function get(token: string): string {
  return `GET /graphql?${PARAMETERS} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\naccept: ${EVENT_STREAM}\r\n\r\n`;
}

/** Opens a hundred subscriptions by one WebSocket, and reads all events. */
async function listen(
  target: Parameters<Attack['run']>[0],
  token: string,
  subscription: (id: number) => Buffer,
): Promise<void> {
  const socket = await dialWebSocket(target, token);
  socket.resume();
  for (let id = 0; id < 100; id++) socket.write(subscription(id));
  await closed(socket);
}
