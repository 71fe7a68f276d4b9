import { expect } from 'vitest';
import type { WireRun } from '../support/run-fields.ts';
import type { Dialect } from '../support/run-list.ts';
import type { Workshop } from './workshop.ts';

/** What servers differ in. */
export const PROFILES = {
  'self-hosted': {
    /** The largest limit that the suite reads steps and messages with; longer lists are left out. */
    manyDetails: 1000,
    /** Whether a larger limit is refused, instead of served. */
    refusesMore: false,
    /** The body of the 422 for a list of runs with a limit above 1000. */
    overLimit: { trace_id: expect.any(String), detail: expect.stringContaining("'loc': ('query', 'limit')") },
  },
  cloud: { manyDetails: 200, refusesMore: true, overLimit: overLimit(1001, 1000) },
} as const;

/** What the Cloud answers where a limit is too large. */
export function overLimit(limit: number, max: number): object {
  const msg = `Input should be less than or equal to ${max}`;
  const loc = ['query', 'limit'];
  return { detail: [{ type: 'less_than_equal', loc, msg, input: String(limit), ctx: { le: max } }] };
}

type ProfileName = keyof typeof PROFILES;

/** A server that the contract is checked against. Disposing ends what was started for it. */
export interface Target extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** Sent as `Authorization: Bearer`. */
  readonly apiKey?: string | undefined;
  /** Sent as the `user_id` header. */
  readonly userId?: string | undefined;
  /** What is expected of it. */
  readonly profile: ProfileName;
  /** Given when it is known beforehand. */
  readonly dialect?: Dialect;
  /** Makes what approvals are tried on; missing where nothing may be made. */
  readonly openWorkshop?: () => Promise<Workshop>;
  /** What is not tried there, each with its reason. */
  readonly leftOut?: Readonly<Record<string, string | undefined>>;
}

/** The values of an array are sent as repeated keys; an undefined one is left out. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export type RunsClient = ReturnType<typeof createRunsClient>;

/** The suite is sent to servers that others use as well. */
const MAX_REQUESTS = 2000;

/**
 * Sends requests with the target's credentials, and follows no redirects.
 *
 * @param detailsDialect of steps, messages and agents; by default as in Letta 0.16.7
 */
export function createRunsClient({ baseUrl, apiKey, userId }: Target, detailsDialect?: Dialect) {
  const credentials = {
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
    ...(userId !== undefined && { user_id: userId }),
  };
  let sent = 0;
  /** Cursors of steps, messages and agents are given as Letta 0.16.7 takes them. */
  const get = async (path: string, init?: RequestInit): Promise<Response> => {
    sent += 1;
    if (sent > MAX_REQUESTS) throw new Error(`expected at most ${MAX_REQUESTS} requests`);
    const headers = { ...credentials, ...(init?.headers as Record<string, string>) };
    return fetch(baseUrl + inDialect(path, detailsDialect), { redirect: 'manual', ...init, headers });
  };
  /** The answer to a GET, or to a POST if there is a body. */
  const ask = async (path: string, body?: string): Promise<Answer> => {
    const headers = { 'content-type': 'application/json' };
    const response = await get(path, body === undefined ? {} : { method: 'POST', headers, body });
    return { status: response.status, body: await response.json() };
  };
  /** @throws Error unless the answer is a list */
  const list = async <Row>(path: string): Promise<readonly Row[]> => {
    const { status, body } = await ask(path);
    if (status === 200 && Array.isArray(body)) return body;
    throw new Error(`expected a list for ${path}, but got: ${status} ${JSON.stringify(body)}`);
  };
  const runs = (query: Query) => list<WireRun>(pathOf('/v1/runs/', query));
  return { get, ask, list, runs };
}

/** Exchanges the cursors of steps, messages and agents where they aren't those of Letta 0.16.7. */
function inDialect(path: string, wanted: Dialect | undefined): string {
  const [list = '', query] = path.split('?');
  if (query === undefined || wanted === undefined || !/\/(?:steps|messages|agents\/)$/.test(list))
    return path;
  // The cursors of a run's messages mean earlier and later, in both orders.
  const isByTime = list.endsWith('/messages');
  const native = isByTime && /\border=desc/.test(query) ? 'reversed' : 'documented';
  if (wanted === native) return path;
  const swapped = query.replaceAll(/\b(before|after)=/g, (_, name) =>
    name === 'before' ? 'after=' : 'before=',
  );
  return `${list}?${swapped}`;
}

export function pathOf(list: string, query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const values = typeof value === 'object' ? value : [String(value)];
    return values.map((text) => [name, text]);
  });
  return `${list}?${new URLSearchParams(pairs).toString()}`;
}

export function idsOf(rows: readonly { readonly id: string }[]): string[] {
  return rows.map(({ id }) => id);
}
