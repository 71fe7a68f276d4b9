import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { NOTICE_KINDS } from '../../src/cli/watch/notice.ts';
import { agentId, runId } from '../support/ids.ts';
import { listenOn } from '../support/listen-on.ts';
import { liveRun } from '../support/live-runs.ts';
import { startProgram } from '../support/program.ts';
import { type Received, startReceiver } from '../support/receiver.ts';
import { failures, FAILED, SECRET, startWatched } from './watched.ts';

describe('runs-gateway watch', () => {
  it('sends a failure, signed as Standard Webhooks says, with a link', async () => {
    await using watched = await startWatched();
    await using _program = await watched.start();
    watched.fail(1);
    await expect.poll(() => watched.receiver.received.length).toBe(1);
    const [{ headers, body }] = watched.receiver.received as [Received];
    const payload = new Webhook(SECRET).verify(body, headers as Record<string, string>);
    expect(payload).toMatchObject({
      id: headers['webhook-id'],
      type: 'run.failed',
      occurredAt: '2026-01-01T00:01:00Z',
      message: expect.stringContaining('language model'),
      run: { id: runId(1), agentId: agentId(1), failure: { code: 'LLM_API_ERROR' } },
      link: `${new URL(watched.url).origin}/runs/${runId(1)}`,
    });
  });

  it('sends again, in order, to a receiver that dies, fails, redirects, hangs and is slow', async () => {
    const elsewhere = await startReceiver();
    const answers: Parameters<typeof startReceiver>[0][] = [
      (response) => response.destroy(),
      (response) => response.writeHead(500, { 'retry-after': '3' }).end(),
      (response) => response.writeHead(307, { location: elsewhere.url }).end(),
      () => undefined,
      (response) => setTimeout(() => response.end(), 2_000),
    ];
    await using watched = await startWatched((response, notice) =>
      (answers.shift() ?? (() => response.end()))(response, notice),
    );
    watched.store.insert([liveRun(2)]);
    await using program = await watched.start();
    watched.fail(1);
    await expect.poll(() => watched.receiver.received.length).toBe(1);
    watched.fail(2);
    await expect.poll(watched.receiver.ids).toEqual(failures(1, 1, 1, 1, 1, 2));
    for (const text of [
      /the connection is closed without an answer/,
      /answered 500; \d waiting, trying again in 3 s/,
      /answered 307; /,
      /aborted due to timeout/,
    ])
      expect(program.logged()).toMatch(text);
    await elsewhere[Symbol.asyncDispose]();
    expect(elsewhere.received).toEqual([]);
  });

  it('reports everything, and again by the same id, after it was killed', async () => {
    let isTaken = true;
    await using watched = await startWatched((response) => isTaken && response.end());
    watched.store.insert([liveRun(2), liveRun(3), liveRun(4)]);
    const kill = async (program: Awaited<ReturnType<typeof watched.start>>): Promise<void> => {
      program.process.kill('SIGKILL');
      await program.ended;
    };
    const first = await watched.start();
    watched.fail(1);
    await expect.poll(() => watched.receiver.ids()).toEqual(failures(1));
    await expect
      .poll(() => watched.saved().state)
      .toMatchObject({ waiting: [], memory: { reported: failures(1) } });
    isTaken = false;
    watched.fail(2);
    await expect.poll(() => watched.receiver.ids()).toEqual(failures(1, 2));
    await kill(first);
    watched.fail(3);
    isTaken = true;
    await using _second = await watched.start();
    await expect.poll(() => watched.receiver.ids()).toEqual(failures(1, 2, 2, 3));
    watched.fail(4);
    await expect.poll(() => watched.receiver.ids()).toEqual(failures(1, 2, 2, 3, 4));
  });

  it('reports runs that hang, and a rate that was passed and has fallen', async () => {
    await using watched = await startWatched();
    await using _program = await watched.start(['--stuck', '1s', '--rate', 'failed>1/1d']);
    watched.store.insert([liveRun(2, FAILED), liveRun(3, FAILED)]);
    const types = () => watched.receiver.received.map(({ type }) => type);
    await expect.poll(types).toEqual(['run.stuck', 'rate.passed', 'rate.fell']);
  });

  it('prints the approvals that wait for a person, with the names of agents, where there is no webhook', async () => {
    await using gateway = startProgram(['--port', '0']);
    const url = `${await gateway.url}/graphql`;
    await using program = startProgram(['watch', '--waiting', '1s', '--json', '--url', url]);
    const query = '{ pendingApprovals { nodes { id agent { name } } } }';
    const asked = await fetch(`${url}?query=${encodeURIComponent(query)}`);
    type Pending = { readonly id: string; readonly agent: { readonly name: string } };
    const { data } = (await asked.json()) as { data: { pendingApprovals: { nodes: readonly Pending[] } } };
    const expected = data.pendingApprovals.nodes.map(({ id, agent }) => ({
      id: `waiting-${id}`,
      type: 'approval.waiting',
      message: expect.stringContaining(`${id} of ${agent.name} has waited`),
      run: { id, agentName: agent.name },
    }));
    const lines = (): string[] => program.printed().split('\n').slice(0, -1);
    await expect.poll(() => lines().length).toBe(expected.length);
    expect(lines().map((line): unknown => JSON.parse(line))).toMatchObject(expected);
  });

  it('sends a sample of each type by --test, and says what became of each', async () => {
    await using receiver = await startReceiver((response, { type }) =>
      response.writeHead(type === 'summary' ? 400 : 204).end(),
    );
    const refused = startProgram(['watch', '--test', '--webhook', receiver.url]);
    expect((await refused.ended).code).toBe(1);
    expect(receiver.received.map(({ type }) => type)).toEqual(Object.keys(NOTICE_KINDS));
    expect(refused.logged()).toMatch(/^run.failed: delivered$/m);
    expect(refused.logged()).toMatch(/^summary: the receiver answered 400$/m);
    expect((await startProgram(['watch', '--test']).ended).code).toBe(0);
  });

  it('asks for the URL of --heartbeat once all is well, and says when it has connected', async () => {
    let beats = 0;
    const server = createServer((_request, response) => {
      beats += 1;
      response.end();
    });
    await using listening = await listenOn(server);
    await using watched = await startWatched();
    const heartbeat = `http://127.0.0.1:${listening.port}/`;
    await using program = await watched.start(['--failed', '--heartbeat', heartbeat]);
    await expect.poll(() => beats).toBe(1);
    watched.fail(1);
    await expect.poll(watched.receiver.ids).toEqual(failures(1));
    expect(program.logged()).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z runs-gateway watch: connected to /m);
  });
});
