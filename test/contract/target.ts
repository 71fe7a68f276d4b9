import type { WireRun } from '../support/run-fields.ts';
import type { Dialect } from '../support/run-list.ts';
import type { ProfileName } from './profiles.ts';

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
}

/** The values of an array are sent as repeated keys; an undefined one is left out. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface RunsClient {
  /**
   * One request with the target's credentials; redirects are not followed. Cursors of steps, messages and agents are
   * given as Letta 0.16.7 takes them.
   */
  get(path: string, init?: RequestInit): Promise<Response>;
  /** One request with a body of JSON, or without one. */
  post(path: string, body: string | undefined): Promise<Response>;
  /** `GET /v1/runs/?query`, whatever the answer. */
  ask(query: Query): Promise<{ readonly status: number; readonly body: unknown }>;
  /** @throws Error unless it is a list. */
  list(query: Query): Promise<WireRun[]>;
}

/** The suite is sent to servers that others use as well. */
const MAX_REQUESTS = 2000;

/** @param detailsDialect of steps, messages and agents; by default as in Letta 0.16.7 */
export function createRunsClient({ baseUrl, apiKey, userId }: Target, detailsDialect?: Dialect): RunsClient {
  const credentials = {
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
    ...(userId !== undefined && { user_id: userId }),
  };
  let sent = 0;
  const get: RunsClient['get'] = async (path, init) => {
    sent += 1;
    if (sent > MAX_REQUESTS) throw new Error(`expected at most ${MAX_REQUESTS} requests`);
    return fetch(baseUrl + inDialect(path, detailsDialect), {
      redirect: 'manual',
      headers: credentials,
      ...init,
    });
  };
  const ask: RunsClient['ask'] = async (query) => {
    const response = await get(`/v1/runs/?${queryText(query)}`);
    return { status: response.status, body: await response.json() };
  };
  return {
    get,
    post: (path, body) =>
      get(path, {
        method: 'POST',
        headers: { ...credentials, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body }),
      }),
    ask,
    async list(query) {
      const { status, body } = await ask(query);
      if (status === 200 && Array.isArray(body)) return body;
      throw new Error(
        `expected a list of runs for ${queryText(query)}, but got: ${status} ${JSON.stringify(body)}`,
      );
    },
  };
}

/** Exchanges the cursors of steps, messages and agents where they aren't those of Letta 0.16.7. */
function inDialect(path: string, wanted: Dialect | undefined): string {
  const [list = '', query] = path.split('?');
  if (query === undefined || wanted === undefined || !/\/(?:steps|messages|agents\/)$/.test(list))
    return path;
  // The cursors of a run's messages mean earlier and later, in both orders.
  const isByTime = list.startsWith('/v1/runs/') && list.endsWith('/messages');
  const native = isByTime && /\border=desc/.test(query) ? 'reversed' : 'documented';
  if (wanted === native) return path;
  const swapped = query.replaceAll(/\b(before|after)=/g, (_, name) =>
    name === 'before' ? 'after=' : 'before=',
  );
  return `${list}?${swapped}`;
}

export function queryText(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const values = typeof value === 'object' ? value : [String(value)];
    return values.map((text) => [name, text]);
  });
  return new URLSearchParams(pairs).toString();
}

export function idsOf(rows: readonly WireRun[]): string[] {
  return rows.map(({ id }) => id);
}
