import { beforeAll, describe, expect, it } from 'vitest';
import { stopClock } from '../support/clock.ts';
import { type OpenGateway, openGatewayOver } from '../support/open-gateway.ts';
import { HANGS, type Script } from '../support/scripted-upstream.ts';
import { ask, settle } from './ask.ts';
import { FAULTS, status } from './faults.ts';

const RUN = 'run-00000000-0000-4000-8000-000000000000';
const AGENT = 'agent-00000000-0000-4000-8000-000000000000';
const RUNNING = { id: RUN, agent_id: AGENT, created_at: '2026-01-01T00:00:00Z', status: 'running' };
const CANCEL = `mutation { cancelRuns(ids: ["${RUN}"]) { failures { code message } } }`;

let opened: Omit<OpenGateway, 'store'>;

beforeAll(async () => {
  opened = await openGatewayOver(() => ({ body: RUNNING }), { upstreamMaxInFlight: 1 });
  return () => opened[Symbol.asyncDispose]();
});

/** Answers requests to cancel. */
const posting =
  (answer: ReturnType<Script>): Script =>
  ({ method }, next) =>
    method === 'POST' ? answer : next();
const posts = () => opened.upstream.requests.filter(({ method }) => method === 'POST');

/** Faults of which it is known, if only at the deadline, that the request had arrived. */
const ANSWERED = FAULTS.filter(
  ({ answer }) => answer === HANGS || ('status' in answer && answer.status !== 200),
);

describe('A POST', () => {
  it.each(ANSWERED)('that is answered by $name is not sent again', async ({ name, answer, code }) => {
    const clock = stopClock();
    opened.upstream.script = posting(answer);
    opened.upstream.requests.length = 0;
    const { data } = await clock.until(ask(opened.gateway, name, CANCEL));
    expect(posts()).toHaveLength(1);
    expect(data).toMatchObject({ cancelRuns: { failures: [{ code }] } });
  });

  it('goes on although its client leaves, as leaving would not undo what it does', async () => {
    opened.upstream.script = posting(HANGS);
    opened.upstream.requests.length = 0;
    const client = new AbortController();
    const left = ask(opened.gateway, 'leaving', CANCEL, client.signal).catch(() => undefined);
    await settle();
    client.abort();
    await left;
    expect(posts().map(({ signal }) => signal.aborted)).toEqual([false]);
  });

  it.each(['whose client leaves while it waits', 'whose caller has met too many failures'])(
    '%s is not sent',
    async (name) => {
      const clock = stopClock();
      const waits = name.includes('client');
      const client = new AbortController();
      opened.upstream.script = ({ method, path }, next) =>
        path === '/v1/runs/' ? (waits ? HANGS : status(503)) : method === 'POST' ? { body: {} } : next();
      opened.upstream.requests.length = 0;
      for (let query = 0; query < (waits ? 1 : 10); query++) {
        const list = ask(opened.gateway, name, '{ runs { nodes { id } } }');
        // oxlint-disable-next-line no-await-in-loop -- One query after the other.
        await (waits ? settle() : clock.until(list));
      }
      const cancelled = ask(opened.gateway, name, CANCEL, client.signal).catch(() => undefined);
      await settle();
      client.abort();
      await clock.pass(60_000);
      await cancelled;
      expect(posts()).toEqual([]);
    },
  );
});
