import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { bodyOf } from '../../src/cli/watch/forms.ts';
import type { Notice } from '../../src/cli/watch/notice.ts';
import { createOutbox } from '../../src/cli/watch/outbox.ts';
import { readPending } from '../../src/cli/watch/read-list.ts';
import { emptyMemory } from '../../src/cli/watch/rules.ts';
import { WATCH_SETTINGS } from '../../src/cli/watch/settings.ts';
import { openStateFile } from '../../src/cli/watch/state-file.ts';
import { readSettings } from '../../src/config/read-settings.ts';
import { stopClock } from '../support/clock.ts';
import { newFolder } from '../support/new-folder.ts';
import { runCommand } from '../support/run-command.ts';

const { values: CONFIG } = readSettings(WATCH_SETTINGS, {});
const STATE = { cursor: 'c', memory: emptyMemory('s'), waiting: [] };
const problemsOf = async (flags: readonly string[], env = {}) =>
  (await runCommand(['watch', ...flags], env)).stderr.split('\n').slice(0, -2);

describe('A state file', () => {
  it('has what was saved last, and only one process at a time', async () => {
    using folder = newFolder();
    const file = folder.file('state.json');
    {
      using first = openStateFile(file, CONFIG);
      expect(first.saved).toBeUndefined();
      await first.save({ ...STATE, cursor: 'before' });
      await first.save(STATE);
      expect(await problemsOf(['--failed', '--state', file])).toEqual([
        `--state: ${file}: expected a file for this process alone, but another runs-gateway watch has it`,
      ]);
    }
    using second = openStateFile(file, CONFIG);
    expect(second.saved).toEqual(STATE);
  });

  it.each([
    [
      'other filters',
      { version: 1, filters: { agentId: 'a' } },
      /expected the filters {"agentId":null.*, but got {"agentId":"a"}/,
    ],
    ['another version', { version: 9 }, /expected version 1, but got 9/],
    ['something else', 'nothing', /expected version 1, but got undefined/],
  ])('with %s is refused, with what to do', async (_name, content, problem) => {
    using folder = newFolder();
    const file = folder.file('state.json', JSON.stringify(content));
    const [first, ...others] = await problemsOf(['--failed', '--state', file]);
    expect(first).toMatch(problem);
    expect(first).toMatch(/\. Name another file, or remove this one to begin from now on$/);
    expect(others).toEqual([]);
  });
});

it('The flags say what is wrong with them', async () => {
  const flags = [
    '--stuck',
    '15',
    '--rate',
    'slow>5/10m',
    '--webhook',
    'http://me:hush@x.test/',
    '--status',
    'FAILED',
  ];
  expect(await problemsOf(flags, { WATCH_WEBHOOK_SECRET: 'hush' })).toEqual([
    '--stuck: expected a duration such as 90s, 15m, 2h or 1d, but got "15"',
    `--rate: expected a rate such as 'failed>5/10m', but got "slow>5/10m"`,
    '--webhook: expected an http or https URL without credentials, such as https://hooks.example.com/runs, but got something else (not shown)',
    'WATCH_WEBHOOK_SECRET: expected whsec_ and 24 to 64 bytes in base64, but got something else (not shown)',
  ]);
  const together = [
    '--stuck',
    '1h',
    '--status',
    'failed',
    '--webhook',
    'https://events.eu.pagerduty.com/v2/enqueue',
  ];
  expect(await problemsOf(together)).toEqual([
    '--stuck: expected CREATED or RUNNING in --status, but got FAILED',
    'WATCH_ROUTING_KEY: expected a key for PagerDuty, but got none',
  ]);
  expect(await problemsOf([])).toEqual(['expected at least one of --failed, --stuck, --waiting and --rate']);
});

it('All approvals that wait are read, page by page', async () => {
  const nodes = [1, 2, 3].map((number) => ({ id: `run-${number}` }));
  vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => {
    const { after = 0 }: { after?: number } = JSON.parse(body).variables;
    const pendingApprovals = { nodes: [nodes[after]], endCursor: after < 2 ? after + 1 : null };
    const result = `event: next\ndata: ${JSON.stringify({ data: { pendingApprovals } })}\n\nevent: complete\ndata:\n\n`;
    return new Response(result, { headers: { 'content-type': 'text/event-stream' } });
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  expect(await readPending(CONFIG)).toEqual(nodes);
});

it('A notice that is being sent is not dropped with those that wait', async () => {
  const noticeOf = (number: number): Notice => ({
    id: `failed-${number}`,
    type: 'run.failed',
    occurredAt: '',
    message: '',
  });
  const [sent, delivered] = [Promise.withResolvers<undefined>(), Promise.withResolvers<void>()];
  const send = ({ id }: Notice) => (id === 'failed-0' ? sent.promise : new Promise<never>(() => undefined));
  const outbox = createOutbox([noticeOf(0)], send, delivered.resolve);
  void outbox.run(() => undefined);
  outbox.add(Array.from({ length: 1_500 }, (_, index) => noticeOf(1 + index)));
  sent.resolve(undefined);
  await delivered.promise;
  const counted = outbox.waiting().map(({ counts }) => counts?.['dropped'] ?? 1);
  expect([counted.length, counted.reduce((sum, count) => sum + count)]).toEqual([999, 1_500]);
});

it.each([
  [0, 1],
  [7_000, 7],
])('A receiver that asks to wait for %d ms is sent nothing for %d s', async (retryAfterMs, seconds) => {
  const notice: Notice = { id: 'failed-1', type: 'run.failed', occurredAt: '', message: '' };
  const reported = Promise.withResolvers<string>();
  const send = async () => ({ message: 'the receiver answered 503', retryAfterMs });
  void createOutbox([notice], send, () => undefined).run(reported.resolve);
  expect(await reported.promise).toBe(`the receiver answered 503; 1 waiting, trying again in ${seconds} s`);
});

it('A notice that is delivered resets the delay, however often others failed before', async () => {
  const clock = stopClock();
  const random = vi.spyOn(Math, 'random').mockReturnValue(0.9);
  onTestFinished(() => random.mockRestore());
  const notices = [1, 2].map((number): Notice => ({
    id: `failed-${number}`,
    type: 'run.failed',
    occurredAt: '',
    message: '',
  }));
  const answers = ['503', '503', undefined, '503'];
  const reported: string[] = [];
  const send = async () => {
    const message = answers.shift();
    return message === undefined ? undefined : { message };
  };
  void createOutbox(notices, send, () => undefined).run((problem) => reported.push(problem));
  await clock.pass(3_000);
  expect(reported).toEqual([
    '503; 2 waiting, trying again in 1 s',
    '503; 2 waiting, trying again in 2 s',
    '503; 1 waiting, trying again in 1 s',
  ]);
});

it.each([
  [{}, 'http://127.0.0.1:4000'],
  [{ url: 'https://runs.test/x/graphql' }, 'https://runs.test/x'],
  [{ url: 'https://a.test/graphql', link: 'https://runs.test/x/' }, 'https://runs.test/x'],
  [{ link: 'https://runs.test/x' }, 'https://runs.test/x'],
])('The links of notices with %j lie below %s', (flags: Readonly<Record<string, string>>, link) => {
  expect(readSettings(WATCH_SETTINGS, { flags }).values.link).toBe(link);
});

describe('The form of a notice is that of the host:', () => {
  const run = { id: 'run-1', agentId: 'agent-1', createdAt: '' };
  const failed: Notice = {
    id: 'failed-run-1',
    type: 'run.failed',
    occurredAt: '2026-01-01T00:00:00Z',
    message: 'run-1 failed: <b> & c',
    run,
  };
  const formOf = (webhook: string, notice: Notice) =>
    bodyOf(notice, { webhook, routingKey: 'key', link: 'https://runs.test/x' });

  it('Slack', () => {
    expect(formOf('https://hooks.slack.com/services/T/B/x', failed)).toEqual({
      text: 'run-1 failed: &lt;b&gt; &amp; c <https://runs.test/x/runs/run-1|Show>',
    });
  });

  it('PagerDuty, where a rate that falls resolves the incident that it opened', () => {
    const to = 'https://events.pagerduty.com/v2/enqueue';
    expect(formOf(to, failed)).toEqual({
      routing_key: 'key',
      event_action: 'trigger',
      dedup_key: 'failed-run-1',
      payload: {
        summary: failed.message,
        source: 'runs.test',
        severity: 'error',
        timestamp: failed.occurredAt,
        custom_details: failed,
      },
      links: [{ href: 'https://runs.test/x/runs/run-1', text: 'Show' }],
    });
    const keys = (['rate.passed', 'rate.fell'] as const).map((type) =>
      formOf(to, { occurredAt: '', message: '', id: `${type.replace('.', '-')}-s-1`, type }),
    );
    const shared = { dedup_key: 'rate-passed-s-1', links: [{ href: 'https://runs.test/x/' }] };
    expect(keys).toMatchObject([
      { ...shared, event_action: 'trigger' },
      { ...shared, event_action: 'resolve' },
    ]);
  });
});
