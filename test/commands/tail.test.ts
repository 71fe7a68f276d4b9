import { exec } from 'node:child_process';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import process from 'node:process';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { RunChange } from '../../src/cli/gateway-client/documents.ts';
import { textLine } from '../../src/cli/gateway-client/text-line.ts';
import { listen } from '../../src/http/listen.ts';
import { agentId, runId } from '../support/ids.ts';
import { listenOn } from '../support/listen-on.ts';
import { liveRun } from '../support/live-runs.ts';
import { openListening } from '../support/open-listening.ts';
import { type Program, startProgram } from '../support/program.ts';
import { runCommand } from '../support/run-command.ts';
import { CERTIFICATE, KEY } from './certificate.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
const pipe = (line: string, reader: string) =>
  promisify(exec)(`"${process.execPath}" "${MAIN}" ${line} | ${reader}`);
const OTHER_AGENT = 'agent-00000000-0000-4000-8000-000000000002';

/** Waits until somebody watches, and what is there has been read. */
async function watched(server: Awaited<ReturnType<typeof openListening>>): Promise<void> {
  await expect.poll(server.metrics).toContain('runs_gateway_subscriptions 1');
  await server.polled();
}

async function lines(program: Program, count: number): Promise<readonly string[]> {
  const printed = (): readonly string[] => program.printed().split('\n').slice(0, -1);
  await expect.poll(() => printed().length).toBeGreaterThanOrEqual(count);
  return printed();
}

const objects = async (program: Program, count: number): Promise<unknown[]> =>
  (await lines(program, count)).map((line): unknown => JSON.parse(line));

describe('runs-gateway tail', () => {
  it('prints the last runs, oldest first, and runs as they change, one line each, without colours', async () => {
    await using server = await openListening({ runs: [1, 22, 23].map((number) => liveRun(number)) });
    await using program = startProgram(['tail', '--url', server.graphql, '-n', '2']);
    await watched(server);
    server.store.update(runId(1), { status: 'failed', stop_reason: 'llm_api_error' });
    const fields = (await lines(program, 3)).map((line) => line.split('\t'));
    const ended = ['LLM_API_ERROR', '-', agentId(1), expect.stringContaining('language model')];
    expect(fields).toEqual([
      ['2026-01-01T00:00:22.000Z', 'LISTED', runId(22), 'RUNNING', '-', '-', agentId(1), '-'],
      ['2026-01-01T00:00:23.000Z', 'LISTED', runId(23), 'RUNNING', '-', '-', agentId(1), '-'],
      [expect.stringMatching(/^20.*Z$/), 'UPDATED', runId(1), 'FAILED', ...ended],
    ]);
    program.process.kill('SIGINT');
    expect(await program.ended).toMatchObject({
      code: 130,
      stderr: `runs-gateway tail: connected to ${server.graphql}\n`,
    });
  });

  it('prints changes that came after the last runs were read, and before they were followed', async () => {
    await using server = await openListening({ runs: [liveRun(1, { status: 'created' }), liveRun(2)] });
    server.upstream.script = async ({ url }, next) => {
      const answer = await next();
      // Not the newest and the active runs, which are read before the list.
      if (!/[?&]limit=1[01]&/.test(`${url}&`)) return answer;
      server.store.update(runId(1), { status: 'running' });
      server.store.update(runId(2), { status: 'cancelled', completed_at: '2026-01-01T00:01:00Z' });
      return answer;
    };
    await using program = startProgram(['tail', '--url', server.graphql]);
    const printed = (await lines(program, 4)).map((line) => line.split('\t').slice(1, 4));
    expect(printed.slice(0, 2)).toEqual([
      ['LISTED', runId(1), 'CREATED'],
      ['LISTED', runId(2), 'RUNNING'],
    ]);
    expect(new Set(printed.slice(2))).toEqual(
      new Set([
        ['UPDATED', runId(1), 'RUNNING'],
        ['UPDATED', runId(2), 'CANCELLED'],
      ]),
    );
  });

  it('prints JSON, and only runs of one agent and with one status', async () => {
    const ended = liveRun(1, { status: 'completed', agent_id: OTHER_AGENT });
    await using server = await openListening({ runs: [ended] });
    const filters = ['--agent', OTHER_AGENT, '--status', 'running,failed'];
    await using program = startProgram(['tail', '--url', server.graphql, '--json', ...filters]);
    await watched(server);
    server.store.insert([
      liveRun(2, { status: 'completed', agent_id: OTHER_AGENT }),
      liveRun(3),
      liveRun(4, { agent_id: OTHER_AGENT }),
    ]);
    const seen = { time: expect.stringMatching(/^\d{4}-.*Z$/), runId: runId(4) };
    expect(await objects(program, 1)).toEqual([
      {
        ...seen,
        kind: 'ADDED',
        run: {
          id: runId(4),
          status: 'RUNNING',
          rawStatus: 'running',
          stopReason: null,
          rawStopReason: null,
          agentId: OTHER_AGENT,
          createdAt: '2026-01-01T00:00:04Z',
          completedAt: null,
          totalDurationNs: null,
          outcome: 'UNFINISHED',
          failure: null,
        },
      },
    ]);
    server.store.update(runId(4), { status: 'completed' });
    expect((await objects(program, 2))[1]).toMatchObject({
      ...seen,
      kind: 'REMOVED',
      run: { status: 'COMPLETED' },
    });
  });

  it('prints a run that comes to match its filter, however old it is', async () => {
    await using server = await openListening({ runs: [liveRun(1, { status: 'created' }), liveRun(30)] });
    await using program = startProgram(['tail', '--url', server.graphql, '--status', 'running,failed']);
    await watched(server);
    server.store.update(runId(1), { status: 'failed' });
    expect((await lines(program, 2)).map((line) => line.split('\t').slice(1, 4))).toEqual([
      ['LISTED', runId(30), 'RUNNING'],
      ['ADDED', runId(1), 'FAILED'],
    ]);
  });

  it('goes on with the last change when the gateway was restarted, and says so', async () => {
    await using test = await openListening({ runs: [liveRun(1)] }, { drainTimeoutMs: 2000 });
    await using tail = startProgram(['tail', '--json', '--url', test.graphql]);
    await test.polled(0);
    test.store.insert([liveRun(2)]);
    expect(await objects(tail, 1)).toMatchObject([{ kind: 'ADDED', runId: runId(2) }]);
    await test.listener[Symbol.asyncDispose]();
    test.store.update(runId(2), { status: 'completed' });
    test.store.insert([liveRun(3)]);
    await using gateway = await test.another();
    await using _listener = await listen(gateway, {
      host: '127.0.0.1',
      port: Number(new URL(test.graphql).port),
    });
    expect(await objects(tail, 3)).toMatchObject([
      { kind: 'ADDED', runId: runId(2) },
      { kind: 'UPDATED', runId: runId(2), run: { status: 'COMPLETED' } },
      { kind: 'ADDED', runId: runId(3) },
    ]);
    tail.process.kill('SIGTERM');
    const { code, stderr } = await tail.ended;
    expect(code).toBe(143);
    const [first = '', ...notices] = stderr.trim().split('\n');
    expect(first).toContain(': connected to ');
    expect(notices[0]).toMatch(/\(SUBSCRIPTION_DRAINED\); connecting again$/);
    expect(notices.at(-1)).toBe('runs-gateway tail: connected again');
  });

  it('ends quietly when nobody reads what it prints', async () => {
    await using server = await openListening({ runs: [liveRun(1)] });
    const ended = pipe(`tail -n 0 --url ${server.graphql}`, 'head -n 1');
    await watched(server);
    let number = 2;
    const insertNext = (): void => server.store.insert([liveRun(number++)]);
    insertNext();
    // What is printed after its reader has left ends it.
    const timer = setInterval(insertNext, 1500);
    const { stdout, stderr } = await ended.finally(() => clearInterval(timer));
    expect(stdout).toContain(`\tADDED\t${runId(2)}\t`);
    expect(stderr).toBe(`runs-gateway tail: connected to ${server.graphql}\n`);
    await expect.poll(server.metrics).toContain('runs_gateway_subscriptions 0');
  });
});

it.each(['check', 'serve --help'])('runs-gateway %s ends quietly where its reader has left', async (line) => {
  expect(await pipe(line, 'true')).toEqual({ stdout: '', stderr: '' });
});

describe('runs-gateway tail says what is wrong', () => {
  const endOf = (args: readonly string[], env = {}) => runCommand(['tail', ...args], env);

  it('with its flags', async () => {
    const flags = ['--status', 'done', '--url', 'ftp://x', '--agent', 'a b', '--nope'];
    const { code, stderr } = await endOf(flags);
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toEqual([
      '--nope: unknown flag; known flags: --url, --agent, --status, --project, --project-id, --last, --json, --help, --version',
      '--url: expected the http or https URL of GraphQL, without credentials, such as http://127.0.0.1:4000/graphql, but got "ftp://x"',
      '--agent: expected the id of an agent, but got "a b"',
      '--status: expected one of CREATED, RUNNING, COMPLETED, FAILED, CANCELLED, or several separated by commas, but got "done"',
      'See runs-gateway tail --help.',
    ]);
    const { stderr: hidden } = await endOf(['--url', 'http://user:hush@localhost/']);
    expect(hidden).not.toContain('hush');
  });

  it('when there is no gateway', async () => {
    const { code, stderr } = await endOf(['--url', 'http://127.0.0.1:4/graphql']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^runs-gateway tail: http.*: the connection is refused: nothing listens there. Start the gateway, or correct --url\n$/,
    );
  });

  it.each([
    [
      'https://HOST/graphql',
      'its certificate is self-signed, or of an unknown authority. Set NODE_EXTRA_CA_CERTS to',
    ],
    ['http://HOST/graphql', 'the connection is closed without an answer. Look at the log of the server'],
  ])('when TLS fails: %s', async (address, problem) => {
    await using server = await listenOn(createSecureServer({ cert: CERTIFICATE, key: KEY }));
    const { code, stderr } = await endOf(['--url', address.replace('HOST', `127.0.0.1:${server.port}`)]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(problem)]);
  });

  it('when it is another server', async () => {
    const page = createServer((_incoming, outgoing) =>
      outgoing.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    );
    await using server = await listenOn(page);
    const { code, stderr } = await endOf(['--url', `http://127.0.0.1:${server.port}/graphql`]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(
        'is not the GraphQL of a gateway: it answered 200 with text/html. Correct --url',
      ),
    ]);
  });

  it('when the token is missing or wrong, and never shows it', async () => {
    await using server = await openListening({ runs: [liveRun(1)], config: { accessTokens: ['sesame'] } });
    const args = ['--url', server.graphql];
    const cases = [
      [{}, 'An access token is required'],
      [{ ACCESS_TOKEN: 'barley' }, 'The Authorization header has no valid access token'],
    ] as const;
    for (const [env, problem] of cases) {
      const { code, stderr } = await endOf(args, env);
      expect(code).toBe(1);
      expect(stderr).toContain(`${server.graphql}: ${problem}`);
      expect(stderr).toContain('Set ACCESS_TOKEN');
      expect(stderr).not.toContain('barley');
    }
  });

  it('when the agent has no valid id', async () => {
    await using server = await openListening({ runs: [liveRun(1)] });
    const { code, stderr } = await endOf(['--url', server.graphql, '--agent', 'nobody']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/agentId: .* \(BAD_USER_INPUT\)\n$/);
  });

  it.each(['tail', 'watch'])('when there is no such agent: %s', async (command) => {
    await using server = await openListening({ runs: [liveRun(1)] });
    const { code, stderr } = await runCommand([
      command,
      '--url',
      server.graphql,
      '--agent',
      OTHER_AGENT,
      ...(command === 'watch' ? ['--failed'] : []),
    ]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`there is no agent ${OTHER_AGENT} that you can see`),
    ]);
  });
});

it('A line shows what is newer than the gateway, what is gone, and no control characters', () => {
  const run: NonNullable<RunChange['run']> = {
    id: 'run-1',
    status: 'UNRECOGNIZED',
    rawStatus: 'paused',
    stopReason: null,
    rawStopReason: null,
    agentId: 'agent-\u001B[2J',
    createdAt: '',
    completedAt: null,
    totalDurationNs: 12_345_000_000,
    outcome: 'UNRECOGNIZED',
    failure: { code: null, message: 'too\tlate\u202E' },
  };
  const fieldsOf = (shown: RunChange['run']) =>
    textLine({ kind: 'ADDED', runId: 'run\t1', run: shown }, new Date(0), new PassThrough()).split('\t');
  const [time, ...fields] = fieldsOf(run);
  expect(time).toBe('1970-01-01T00:00:00.000Z');
  expect(fields).toEqual(['ADDED', 'run?1', 'PAUSED', '-', '12.3', 'agent-?[2J', 'too?late?']);
  expect(fieldsOf({ ...run, rawStatus: null })[3]).toBe('UNRECOGNIZED');
  expect(fieldsOf(null).slice(1)).toEqual(['ADDED', 'run?1', 'gone', '-', '-', '-', '-']);
});
