import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startListening } from '../support/listening-gateway.ts';
import { startOwnersUpstream } from '../support/owners-upstream.ts';
import { openSocket, type RawSocket } from '../support/raw-socket.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { TRANSPORTS } from '../support/subscriber.ts';

const KEYS = ['key-1', 'key-2', 'key-3'];
/** Tokens of a label are one caller. */
const POOL = ['alice:a1', 'alice:a2', 'bob:b1', 'bob:b2', 'c1', 'd1'];
const STEPS = 70;
/** Milliseconds that a busy machine may take for what the gateway does within one or two seconds. */
const PATIENCE_MS = 12_000;

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const tokenOf = (entry: string): string => entry.split(':').at(-1) ?? entry;
/** The runs of one key are no other's. */
const runId = (key: string, number: number): string =>
  `run-0000000${key.at(-1)}-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** A stream, and what must become of it. */
interface Watched {
  readonly about: string;
  readonly token: string;
  readonly key: string;
  readonly isReadOnly: boolean;
  /** Whether it began behind a run, so that it must be told of all others. */
  readonly isBehind: boolean;
  readonly ids: Set<string>;
  must: 'stay' | 'UNAUTHENTICATED' | 'SUBSCRIPTION_DRAINED';
  readonly ended: Promise<string>;
  hasEnded: boolean;
  stop: () => void;
}

it.each([1, 2])(
  'Whatever is replaced while callers ask and watch, each sees what its token and the key of the moment show (seed %s)',
  async (seed) => {
    const random = seededRandom(seed);
    const below = (end: number): number => Math.floor(random() * end);
    const one = <T>(all: readonly T[]): T => all[below(all.length)] ?? expect.unreachable();
    await using parts = new AsyncDisposableStack();
    const upstream = parts.use(await startOwnersUpstream(['authorization'], KEYS.map(bearer)));
    const inserted = new Map(KEYS.map((key) => [key, [] as string[]]));
    const insert = (key: string): void => {
      const ids = inserted.get(key) ?? [];
      const id = runId(key, ids.length);
      ids.push(id);
      const created_at = new Date(Date.now() - (ids.length === 1 ? 60_000 : 0)).toISOString();
      upstream.stores[KEYS.indexOf(key)]?.insert([
        { id, agent_id: 'agent-1', status: 'running', created_at },
      ]);
    };
    for (const key of KEYS) insert(key);

    let key = one(KEYS);
    let full = POOL.slice(0, 3);
    let readOnly = POOL.slice(3);
    const secrets = () => ({ apiKey: key, accessTokens: full, readOnlyAccessTokens: readOnly });
    const { gateway, url } = parts.use(
      await startListening({ upstreamUrl: upstream.baseUrl, rowMemoryMs: 5_000, ...secrets() }),
    );
    const valid = () => [...full, ...readOnly];
    const watched: Watched[] = [];
    const sockets: { readonly token: string; readonly socket: RawSocket }[] = [];

    /** @param keys of which one may have answered */
    const check = (
      answer: { data: Record<string, unknown> },
      keys: readonly string[],
      sought: string,
    ): void => {
      const { runs, run } = answer.data as { runs: { nodes: { id: string }[] }; run: { id: string } | null };
      const owners = new Set([...runs.nodes, ...(run ? [run] : [])].map(({ id }) => `key-${id[11]}`));
      expect([owners.size, keys]).toEqual([1, expect.arrayContaining([...owners])]);
      if (owners.has(`key-${sought[11]}`)) expect(run).toEqual({ id: sought });
      else expect(run).toBeNull();
    };
    const question = () => {
      const sought = runId(one(KEYS), 0);
      return { sought, payload: { query: `{ runs { nodes { id } } run(id: "${sought}") { id } }` } };
    };
    const ask = async (
      entry: string,
      keys: readonly string[],
      statuses: readonly number[],
    ): Promise<void> => {
      const { sought, payload } = question();
      const headers = { 'content-type': 'application/json', ...bearer(tokenOf(entry)) };
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify(payload),
      });
      const answer = await response.json();
      expect(statuses, JSON.stringify(answer)).toContain(response.status);
      if (response.status === 200) check(answer as never, keys, sought);
    };

    const watch = (entry: string): void => {
      const about = one(Object.keys(TRANSPORTS));
      const isBehind = random() < 0.5;
      const ids = new Set<string>();
      const after = isBehind ? `(after: "${runId(key, 0)}")` : '';
      const events = (TRANSPORTS[about] ?? expect.unreachable())(`${url}/graphql`, {
        query: `subscription { runEvents${after} { runId } }`,
        headers: bearer(tokenOf(entry)),
      });
      const read = async (): Promise<string> => {
        try {
          for await (const { data, errors } of events) {
            if (errors !== undefined) return String(errors[0]?.extensions?.['code']);
            ids.add((data as { runEvents: { runId: string } }).runEvents.runId);
          }
          return 'complete';
        } catch (error) {
          return (error as { code?: number }).code === 4401 ? 'UNAUTHENTICATED' : String(error);
        }
      };
      const stream: Watched = {
        about: `${about} of ${entry} with ${key}`,
        token: entry,
        key,
        isReadOnly: readOnly.includes(entry),
        isBehind,
        ids,
        must: 'stay',
        hasEnded: false,
        ended: read().finally(() => (stream.hasEnded = true)),
        stop: () => void events.return?.(),
      };
      watched.push(stream);
    };

    const replace = async (): Promise<void> => {
      const before = key;
      const asking = POOL.map((entry) => ({ entry, wasValid: valid().includes(entry) }));
      const changesKey = random() < 0.4;
      const nextKey = changesKey ? one(KEYS) : key;
      const early = asking.map(({ entry, wasValid }) =>
        ask(entry, [before, nextKey], wasValid ? [200, 401] : [200, 401]),
      );
      if (random() < 0.5) await sleep(below(30));
      key = nextKey;
      const listed = POOL.filter(() => random() < 0.7);
      const split = listed.length === 0 ? [POOL[0] ?? ''] : listed;
      readOnly = split.filter(() => random() < 0.3);
      full = split.filter((entry) => !readOnly.includes(entry));
      gateway.replaceSecrets(secrets());
      for (const stream of watched) {
        if (stream.must !== 'stay') continue;
        if (!split.includes(stream.token)) stream.must = 'UNAUTHENTICATED';
        else if (stream.key !== key || stream.isReadOnly !== readOnly.includes(stream.token)) {
          stream.must = 'SUBSCRIPTION_DRAINED';
        }
      }
      const late = asking.map(({ entry }) => ask(entry, [key], valid().includes(entry) ? [200] : [401]));
      await Promise.all([...early, ...late]);
    };

    const askBySocket = async (): Promise<void> => {
      const { token, socket } = one(sockets);
      const { sought, payload } = question();
      const before = key;
      if (socket.client.readyState !== 1) return;
      socket.send({ id: 'one', type: 'subscribe', payload });
      const isValid = valid().includes(token);
      const first = await socket.next().catch(() => undefined);
      if (!isValid) {
        expect(first).toBeUndefined();
        expect(await socket.closed).toBe(4401);
        return;
      }
      // One that was valid again in time may be closed for what it was before.
      if (first === undefined) return;
      check(first.payload, [before], sought);
      expect(await socket.next()).toMatchObject({ type: 'complete' });
    };

    for (let step = 0; step < STEPS; step++) {
      const draw = random();
      if (draw < 0.15) await replace();
      else if (draw < 0.45) watch(one(valid()));
      else if (draw < 0.65) insert(key);
      else if (draw < 0.75) {
        const token = one(valid());
        const socket = parts.use(await openSocket(url + '/graphql', bearer(tokenOf(token))));
        await socket.next();
        sockets.push({ token, socket });
      } else if (draw < 0.85 && sockets.length > 0) await askBySocket();
      else await ask(one(POOL), [key], [200, 401]);
      await sleep(below(200));
    }
    const isDone = ({ must, key: own, isBehind, hasEnded, ids }: Watched): boolean =>
      must === 'stay' ? !isBehind || (inserted.get(own) ?? []).slice(1).every((id) => ids.has(id)) : hasEnded;
    const open = () =>
      watched.filter((stream) => !isDone(stream)).map(({ about, must }) => `${about}: ${must}`);
    await expect.poll(open, { timeout: PATIENCE_MS }).toEqual([]);
    for (const { about, must, hasEnded, ended, key: own, ids } of watched) {
      // No run of another key.
      expect(
        [...ids].filter((id) => `key-${id[11]}` !== own),
        about,
      ).toEqual([]);
      if (must === 'stay') expect([about, hasEnded && (await ended)]).toEqual([about, false]);
      else expect([about, await ended]).toEqual([about, must]);
    }
    const { length } = watched.filter(({ must }) => must !== 'stay');
    expect(length).toBeGreaterThan(0);
    for (const { stop } of watched) stop();
    await expect
      .poll(() => gateway.metrics.registry.metrics(), { timeout: PATIENCE_MS })
      .toContain('runs_gateway_pollers 0\n');
  },
  60_000,
);
