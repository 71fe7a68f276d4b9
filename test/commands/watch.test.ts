import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { LIVE_AGENT, liveRun, liveRunId, startLiveServer } from '../support/live-server.ts';
import { newFolder } from '../support/new-folder.ts';
import { startProgram } from '../support/program.ts';
import { type Received, startReceiver } from '../support/receiver.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const FAILED = {
  status: 'failed',
  stop_reason: 'llm_api_error',
  completed_at: '2026-01-01T00:01:00Z',
} as const;

/** A gateway, a receiver, and a watcher of both that may be killed and started again. */
async function startWatched(answer?: Parameters<typeof startReceiver>[0], runs = [liveRun(1)]) {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startLiveServer({ runs }));
  const receiver = stack.use(await startReceiver(answer));
  const file = stack.use(newFolder()).file('state.json');
  const to = ['--url', server.url, '--state', file, '--webhook', receiver.url];
  const launch = (flags: readonly string[] = ['--failed']) =>
    startProgram(['watch', ...to, ...flags], { WATCH_WEBHOOK_SECRET: SECRET });
  const parts = stack.move();
  return {
    ...server,
    receiver,
    file,
    saved: () => JSON.parse(readFileSync(file, 'utf8')),
    launch,
    /** Starts to watch, and waits until changes are noticed. */
    async start(flags?: readonly string[]) {
      const program = launch(flags);
      await expect.poll(program.logged).toContain('connected to');
      await server.polled();
      return program;
    },
    fail: (...numbers: readonly number[]) => {
      for (const number of numbers) server.store.update(liveRunId(number), FAILED);
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
const failures = (...numbers: readonly number[]) => numbers.map((number) => `failed-${liveRunId(number)}`);
const MISSED = expect.stringMatching(/^missed-/);

/** Kills a watcher, and makes the run of its cursor one that never was. */
async function loseCursor(
  watched: Awaited<ReturnType<typeof startWatched>>,
  program: Awaited<ReturnType<typeof watched.start>>,
): Promise<void> {
  program.process.kill('SIGKILL');
  await program.ended;
  const saved = watched.saved();
  saved.state.cursor = liveRunId(999);
  writeFileSync(watched.file, JSON.stringify(saved));
}

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
      run: { id: liveRunId(1), agentId: LIVE_AGENT, failure: { code: 'LLM_API_ERROR' } },
      link: `${new URL(watched.url).origin}/runs/${liveRunId(1)}`,
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
      /other side closed/,
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

  it('reports the first run of a list that was empty, also if it could not be read meanwhile', async () => {
    await using watched = await startWatched(undefined, []);
    await using program = watched.launch();
    await expect.poll(() => existsSync(watched.file)).toBe(true);
    watched.upstream.script = () => ({ status: 503, body: {} });
    await expect.poll(program.logged).toContain('The runs API is u');
    watched.upstream.script = (_request, next) => next();
    watched.store.insert([liveRun(1)]);
    await expect.poll(() => watched.saved().state.cursor).toBeDefined();
    // It is followed at once, not only after a pause in which it may fail.
    await Promise.race([watched.polled(), sleep(4_000)]);
    watched.fail(1);
    await expect.poll(watched.receiver.ids).toEqual(failures(1));
  });

  // Of the first no run had changed before; of the others the failed one has left the list.
  it.each(['FAILED', 'CREATED,RUNNING'])(
    'reports what failed while it was stopped: --status %s',
    async (status) => {
      await using watched = await startWatched(undefined, [liveRun(1), liveRun(2, FAILED)]);
      const flags = ['--failed', '--status', status];
      const first = await watched.start(flags);
      await expect.poll(() => watched.saved().state.cursor).not.toBe(liveRunId(2));
      first.process.kill('SIGKILL');
      await first.ended;
      watched.fail(1);
      await using _second = await watched.start(flags);
      await expect.poll(watched.receiver.ids).toEqual(failures(1));
    },
  );

  it('goes on where its state can not be saved, and says so', async () => {
    await using watched = await startWatched();
    await using program = await watched.start();
    rmSync(path.dirname(watched.file), { recursive: true });
    watched.fail(1);
    await expect.poll(watched.receiver.ids).toEqual(failures(1));
    await expect.poll(program.logged).toMatch(/--state: ENOENT.*; trying again/);
  });

  it('says that changes may have been missed, and reads the list again', async () => {
    await using watched = await startWatched();
    await loseCursor(watched, await watched.start());
    watched.fail(1);
    watched.store.insert([liveRun(2, FAILED)]);
    await using _second = await watched.start();
    await expect.poll(watched.receiver.ids).toEqual([MISSED, ...failures(1, 2)]);
    watched.store.insert([liveRun(3)]);
    watched.fail(3);
    await expect.poll(() => watched.receiver.ids().slice(3)).toEqual(failures(3));
  });

  it('reports an old run that was active before its cursor was lost', async () => {
    await using watched = await startWatched();
    const flags = ['--failed', '--status', 'CREATED,RUNNING'];
    const first = await watched.start(flags);
    watched.store.insert([liveRun(50)]);
    await expect.poll(() => watched.saved().state.memory.newest).toContain('00:00:50');
    await expect.poll(() => Object.keys(watched.saved().state.memory.active)).toContain(liveRunId(1));
    await loseCursor(watched, first);
    watched.fail(1);
    await using _second = await watched.start(flags);
    await expect.poll(watched.receiver.ids).toEqual([MISSED, ...failures(1)]);
  });

  it('reports what failed since a start after which nothing changed', async () => {
    await using watched = await startWatched();
    watched.store.update(liveRunId(1), { ...FAILED, status: 'completed', stop_reason: 'end_turn' });
    await loseCursor(watched, await watched.start());
    watched.store.insert([liveRun(20, FAILED)]);
    await using _second = await watched.start();
    await expect.poll(watched.receiver.ids).toEqual([MISSED, ...failures(20)]);
  });

  it('reports runs that hang, and a rate that was passed and has fallen', async () => {
    await using watched = await startWatched();
    await using _program = await watched.start(['--stuck', '1s', '--rate', 'failed>1/1d']);
    watched.store.insert([liveRun(2, FAILED), liveRun(3, FAILED)]);
    const types = () => watched.receiver.received.map(({ type }) => type);
    await expect.poll(types).toEqual(['run.stuck', 'rate.passed', 'rate.fell']);
  });

  it('does not report a run as hanging that ended before the list was followed', async () => {
    await using watched = await startWatched();
    const created_at = new Date().toISOString();
    watched.store.insert([2, 3].map((number) => liveRun(number, { created_at })));
    watched.store.insert([liveRun(4, FAILED)]);
    watched.upstream.script = ({ query }, next) => {
      if (query.has('active')) watched.store.update(liveRunId(2), { status: 'completed' });
      return next();
    };
    await using _program = await watched.start(['--stuck', '10s', '--status', 'RUNNING,FAILED,COMPLETED']);
    await expect.poll(watched.receiver.ids).toEqual([1, 3].map((number) => `stuck-${liveRunId(number)}`));
  });

  it('prints the approvals that wait for a person where there is no webhook', async () => {
    await using gateway = startProgram(['--port', '0']);
    const url = `${await gateway.url}/graphql`;
    await using program = startProgram(['watch', '--waiting', '1s', '--json', '--url', url]);
    const query = '{ pendingApprovals { nodes { id } } }';
    const asked = await fetch(`${url}?query=${encodeURIComponent(query)}`);
    const { data } = (await asked.json()) as { data: { pendingApprovals: { nodes: { id: string }[] } } };
    const expected = data.pendingApprovals.nodes.map(({ id }) => ({
      id: `waiting-${id}`,
      type: 'approval.waiting',
    }));
    const lines = (): string[] => program.printed().split('\n').slice(0, -1);
    await expect.poll(() => lines().length).toBe(expected.length);
    expect(lines().map((line): unknown => JSON.parse(line))).toMatchObject(expected);
  });
});
