import { describe, expect, it } from 'vitest';
import { ask, type Caller, codeOf } from '../../support/ask.ts';
import { type Clock, stopClock } from '../../support/clock.ts';
import { broken, status } from '../../support/faults.ts';
import { forAll } from '../../support/for-all.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';
import { HANGS, type UpstreamAnswer } from '../../support/scripted-upstream.ts';

const HALF_OPEN_AFTER_MS = 5_000;
const EMPTY: UpstreamAnswer = { body: [] };
/** Without retries, which take time. */
const DOWN = status(501);
const AGENT = '{ agent(id: "agent-00000000-0000-4000-8000-000000000001") { name } }';

let prefix = 0;
const opened = await forAll(openGatewayOver(() => EMPTY));

/** A caller that nobody has met. */
const newCaller = (name = 'caller'): string => `${prefix++}-${name}`;

/** What the upstream answers from now on. */
const answering = (answer: UpstreamAnswer | Promise<UpstreamAnswer>): void => {
  opened.upstream.script = () => answer;
};

/** Returns `served`, or the code of the error; when to try again; and how many requests were sent upstream. */
async function askOnce(caller: Caller, first = 1, signal?: AbortSignal) {
  const { gateway, upstream } = opened;
  const before = upstream.requests.length;
  const answer = await ask(gateway, caller, `{ runs(first: ${first}) { nodes { id } } }`, signal);
  return {
    outcome: codeOf(answer),
    retryAfterSeconds: answer.errors?.[0]?.extensions?.['retryAfterSeconds'],
    sent: upstream.requests.length - before,
  };
}

async function askTimes(caller: Caller, times: number) {
  const replies: Awaited<ReturnType<typeof askOnce>>[] = [];
  while (replies.length < times) replies.push(await askOnce(caller));
  return { replies, sent: replies.reduce((sum, { sent }) => sum + sent, 0) };
}

/** Sends a query whose client leaves while the upstream is silent. */
async function askAndLeave(clock: Clock, caller: Caller): Promise<void> {
  answering(HANGS);
  const client = new AbortController();
  const left = askOnce(caller, 1, client.signal).catch(() => undefined);
  await clock.pass(0);
  client.abort();
  await left;
}

/** A caller whose breaker has just opened. */
async function failedCaller(): Promise<string> {
  const caller = newCaller();
  answering(DOWN);
  await askTimes(caller, 10);
  return caller;
}

const REFUSED = { outcome: 'UPSTREAM_UNAVAILABLE', sent: 0 };
const SERVED = { outcome: 'served', sent: 1 };

describe('The circuit breaker of a caller', () => {
  it.each<[string, UpstreamAnswer | Promise<never>, code: string]>([
    ['answers 500', status(500), 'UPSTREAM_ERROR'],
    ['answers 503', status(503), 'UPSTREAM_UNAVAILABLE'],
    ['resets connections', broken('ECONNRESET'), 'UPSTREAM_UNAVAILABLE'],
    ['is silent', HANGS, 'UPSTREAM_TIMEOUT'],
  ])('opens for each caller after ten failed attempts: the upstream %s', async (_name, answer, code) => {
    const clock = stopClock();
    answering(answer);
    for (const caller of [newCaller('one'), newCaller('two/project'), newCaller('three')]) {
      const { replies, sent } = await clock.until(askTimes(caller, 15));
      expect(replies[0]?.outcome).toBe(code);
      expect(sent).toBe(10);
      expect(replies.at(-1)).toEqual({ ...REFUSED, retryAfterSeconds: 5 });
    }
  });

  it('stays closed whatever a caller is answered, and while more requests are served than fail', async () => {
    const refusals = [401, 403, 422, 429].map((code) => status(code));
    for (const answer of [...refusals, { body: '<html>' }, { body: [null] }]) {
      answering(answer);
      expect((await askTimes(newCaller(), 12)).sent).toBe(12);
    }
    const caller = newCaller();
    for (let query = 0; query < 40; query++) {
      answering(query % 3 === 0 ? DOWN : EMPTY);
      expect((await askOnce(caller)).sent).toBe(1);
    }
  });

  it('opens however long ten failures in a row take', async () => {
    const clock = stopClock();
    const caller = newCaller();
    answering(DOWN);
    for (let query = 0; query < 10; query++) {
      expect((await askOnce(caller)).sent).toBe(1);
      await clock.pass(query < 9 ? 59_000 : 0);
    }
    expect(await askOnce(caller)).toMatchObject(REFUSED);
  });

  it('does not open because of agents that the API cannot read', async () => {
    const caller = newCaller();
    answering(status(500));
    for (let query = 0; query < 12; query++)
      expect(codeOf(await ask(opened.gateway, caller, AGENT))).toBe('UPSTREAM_ERROR');
    answering(EMPTY);
    expect(await askOnce(caller)).toMatchObject(SERVED);
  });

  it('does not open because of requests whose clients left', async () => {
    const clock = stopClock();
    const caller = newCaller();
    for (let query = 0; query < 12; query++) await askAndLeave(clock, caller);
    answering(EMPTY);
    expect(await askOnce(caller)).toMatchObject(SERVED);
  });
});

describe('The open circuit breaker of a caller', () => {
  it('lets one request try after a while, refuses all others meanwhile, and closes when it is served', async () => {
    const clock = stopClock();
    const caller = await failedCaller();
    await clock.pass(HALF_OPEN_AFTER_MS - 1);
    expect(await askOnce(caller)).toEqual({ ...REFUSED, retryAfterSeconds: 1 });
    await clock.pass(1);
    const { promise, resolve } = Promise.withResolvers<UpstreamAnswer>();
    answering(promise);
    const before = opened.upstream.requests.length;
    const probe = askOnce(caller);
    await clock.pass(0);
    for (const first of [2, 3]) {
      expect(await askOnce(caller, first)).toEqual({ ...REFUSED, retryAfterSeconds: 1 });
    }
    expect(opened.upstream.requests).toHaveLength(before + 1);
    resolve(EMPTY);
    expect(await probe).toMatchObject({ outcome: 'served' });
    expect(await askOnce(caller)).toMatchObject(SERVED);
  });

  it('stays open for as long again when that request fails', async () => {
    const clock = stopClock();
    const caller = await failedCaller();
    await clock.pass(HALF_OPEN_AFTER_MS);
    expect(await askOnce(caller)).toMatchObject({ outcome: 'UPSTREAM_ERROR', sent: 1 });
    answering(EMPTY);
    await clock.pass(HALF_OPEN_AFTER_MS - 1);
    expect(await askOnce(caller)).toMatchObject(REFUSED);
    await clock.pass(1);
    expect(await askOnce(caller)).toMatchObject(SERVED);
    // Ten more failures are needed then.
    answering(DOWN);
    expect((await askTimes(caller, 12)).sent).toBe(10);
  });

  it('lets the next request try if the client of that request leaves', async () => {
    const clock = stopClock();
    const caller = await failedCaller();
    await clock.pass(HALF_OPEN_AFTER_MS);
    await askAndLeave(clock, caller);
    answering(DOWN);
    expect(await askOnce(caller)).toMatchObject({ sent: 1 });
    expect(await askOnce(caller)).toMatchObject(REFUSED);
  });

  it.each(['one', 'one/a', 'one/b', 'two'])('of %s is open for nobody else', async (failing) => {
    const start = newCaller('');
    answering(DOWN);
    expect((await askTimes(start + failing, 12)).sent).toBe(10);
    answering(EMPTY);
    for (const caller of ['one', 'one/a', 'one/b', 'two']) {
      expect(await askOnce(start + caller)).toMatchObject(caller === failing ? REFUSED : SERVED);
    }
  });
});
