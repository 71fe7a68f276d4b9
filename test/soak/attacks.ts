import { EMPTY_OBJECTS, type UpstreamName } from './upstreams.ts';
import { again, hold, json, listen, post, repeat, subscribe, type Target, times } from './wire.ts';

export interface Attack {
  /** The runs that the upstream has: see `upstreams.ts`. @default 'fat' */
  readonly upstream?: UpstreamName;
  /** Resolves when the gateway has closed all connections. */
  readonly run: (target: Target) => Promise<unknown>;
}

const EVENT_STREAM = 'text/event-stream';

/** A document of 4,900 tokens that is like no other. */
const LONG = (n: number): string =>
  `subscription S${n} { runEvents { ${repeat(1_600, (field) => `a${field}: runId`)} } }`;
/** A manifest of sixty such documents. */
export const MANIFEST = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`long-${n}`, LONG(n)]));
/** Selections of runs that differ, so that each has a list of its own. */
const LIST = (n: number, after: string): string =>
  `subscription { runEvents(createdAfter: "2020-01-01T00:00:${String(n % 60).padStart(2, '0')}.${Math.floor(n / 60)}Z", after: "${after}") { kind runId } }`;
/** The query string of a subscription with 15 KiB of objects that it doesn't need. */
const PARAMETERS = `query=subscription{runEvents{runId}}&variables={"a":[${repeat(5_000, () => '{}').replaceAll(' ', ',')}]}`;
/** 1,000 rows of 8 KB. */
const LARGE = (n: number): string => `query A${n} { runs(first: 1000) { nodes { id metadata } } }`;
/** A body of 256 KiB in chunks of a byte, whose end is missing. */
const IN_PIECES = (token: string): string =>
  post(token, '').replace('content-length: 0', 'transfer-encoding: chunked') +
  '1\r\n \r\n'.repeat(256 * 1024 - 1);

/** What would take the gateway down, or its time, if nothing limited it. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  documents: {
    run: (target) =>
      times(400, (n) => hold(target, post(target.token, json({ query: LONG(n) }), EVENT_STREAM))),
  },
  socketDocuments: {
    run: (target) => times(7, (n) => listen(target, target.token, (id) => subscribe(id, LONG(100 * n + id)))),
  },
  persisted: {
    run: (target) =>
      times(1_500, (n) =>
        hold(target, post(target.token, json({ documentId: `long-${n % 60}` }), EVENT_STREAM)),
      ),
  },
  parameters: { run: (target) => times(2_000, () => hold(target, get(target.token))) },
  /** Six callers who go on from where 4,800 runs are new, each in a hundred lists. */
  behind: {
    upstream: 'plain',
    run: (target) =>
      times(6, (n) => listen(target, `${target.token}${n}`, (id) => subscribe(id, LIST(id, target.runId)))),
  },
  pieces: { run: (target) => times(8, () => hold(target, IN_PIECES(target.token))) },
  emptyObjects: {
    upstream: 'empty',
    run: (target) =>
      again(target, () =>
        times(40, (n) =>
          hold(
            target,
            post(target.token, json({ query: `{ run(id: "${EMPTY_OBJECTS(n)}") { metadata } }` })),
            'leave',
          ),
        ),
      ),
  },
  /** Two callers, and answers of 8 MB that they don't read. */
  answers: {
    run: (target) =>
      times(300, (n) => hold(target, post(`${target.token}${n % 2}`, json({ query: LARGE(n) })), 'pause')),
  },
};

/** The text of a GET for a stream of events. */
function get(token: string): string {
  return `GET /graphql?${PARAMETERS} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\naccept: ${EVENT_STREAM}\r\n\r\n`;
}
