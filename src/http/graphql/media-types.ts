import { LRUCache } from 'lru-cache';

export const JSON_TYPE = 'application/json; charset=utf-8';
export const RESPONSE_TYPE = 'application/graphql-response+json; charset=utf-8';
/** The media type of server-sent events. */
export const EVENT_STREAM = 'text/event-stream';
/** For clients that take `@defer`, which the gateway doesn't have: an answer is one part. */
export const MULTIPART = 'multipart/mixed; boundary="-"';

/** What is served, the preferred first: JSON wherever a client takes it. */
const SERVED = [[JSON_TYPE, RESPONSE_TYPE], [MULTIPART], [EVENT_STREAM]] as const;

export type MediaType = (typeof SERVED)[number][number];

/** What a client takes. */
export interface Negotiated {
  /** The type of an answer; undefined if it takes none that is served. */
  readonly type: MediaType | undefined;
  /**
   * Whether it takes events if it subscribes: it names their type, although it may prefer another one for what has one
   * answer.
   */
  readonly takesEvents: boolean;
}

/** Distinct headers that are remembered, those used last; well-behaved clients send few. */
const MAX_HEADERS = 100;
/** Written by any caller's header; what it negotiates depends on nothing else. */
const known = new LRUCache<string, Negotiated>({ max: MAX_HEADERS });

/** Negotiates the type of an answer as GraphQL Yoga does: weights are not read, the first range counts. */
export function negotiate(accept = ''): Negotiated {
  const before = known.get(accept);
  if (before !== undefined) return before;
  const negotiated = read(accept);
  known.set(accept, negotiated);
  return negotiated;
}

const TAKES_EVENTS = /^text\/event-stream(?!.*;q=0(?:\.0*)?(?:;|$))(?:;|$)/;
/** The first parameter that names a charset. */
const CHARSET = /;([^;]*charset=[^;]*)/;

function read(accept: string): Negotiated {
  const ranges = (accept || '*/*').replaceAll(/\s/g, '').toLowerCase().split(',');
  const takesEvents = ranges.some((range) => TAKES_EVENTS.test(range));
  const utf8 = ranges.filter((range) => (CHARSET.exec(range)?.[1] ?? 'charset=utf-8') === 'charset=utf-8');
  for (const types of SERVED) {
    for (const range of utf8) {
      const type = types.find((one) => matches(range, one));
      if (type === undefined) continue;
      // Clients such as urql take events or multipart responses, of which they read events.
      return { type: type === MULTIPART && takesEvents ? EVENT_STREAM : type, takesEvents };
    }
  }
  return { type: takesEvents ? EVENT_STREAM : undefined, takesEvents };
}

function matches(range: string, type: string): boolean {
  const [major, minor] = range.replace(/;.*/, '').split('/');
  const [ownMajor, ownMinor] = type.split(/[/;]/);
  return (major === '*' || major === ownMajor) && (minor === '*' || minor === ownMinor);
}
