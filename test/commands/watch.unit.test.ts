import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createAgentNames } from '../../src/cli/watch/agent-names.ts';
import { bodyOf } from '../../src/cli/watch/forms.ts';
import { newMemory } from '../../src/cli/watch/memory.ts';
import { NOTICE_KINDS, type Notice, sampleNotices } from '../../src/cli/watch/notice.ts';
import { createOutbox, type Send } from '../../src/cli/watch/outbox.ts';
import { readPaused, readPending } from '../../src/cli/watch/read-list.ts';
import { appendRefused } from '../../src/cli/watch/refused-file.ts';
import { WATCH_SETTINGS } from '../../src/cli/watch/settings.ts';
import { openStateFile } from '../../src/cli/watch/state-file.ts';
import { watch } from '../../src/cli/watch/watch.ts';
import { readSettings } from '../../src/config/read-settings.ts';
import { stopClock } from '../support/clock.ts';
import { newFolder } from '../support/new-folder.ts';
import { runCommand } from '../support/run-command.ts';

const { values: CONFIG } = readSettings(WATCH_SETTINGS, {});
const STATE = { cursor: 'c', memory: newMemory('s'), waiting: [] };
/** Lets a gateway give each operation the result that a function makes of its variables and text. */
function stubGateway(resultOf: (variables: { after?: number }, query: string) => unknown): void {
  vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => {
    const { variables, query } = JSON.parse(body);
    const result = JSON.stringify(await resultOf(variables, query));
    const events = `event: next\ndata: ${result}\n\nevent: complete\ndata:\n\n`;
    return new Response(events, { headers: { 'content-type': 'text/event-stream' } });
  });
  onTestFinished(() => void vi.unstubAllGlobals());
}
const problemsOf = async (flags: readonly string[], env = {}) =>
  (await runCommand(['watch', ...flags], env)).stderr.split('\n').slice(0, -2);

it('A state file of an earlier version is read', async () => {
  const memory = { series: 's', newest: '', active: {}, reported: [], rate: STATE.memory.rate };
  const waiting = [
    { id: 'rate-fell-s-1', type: 'rate.fell', occurredAt: '', message: 'It fell' },
    { id: 'dropped-3', type: 'summary', occurredAt: '', message: 'Dropped', counts: { dropped: 3 } },
  ];
  using folder = newFolder();
  const filters = { agentId: null, statuses: null, project: null, projectId: null };
  const saved = { version: 1, filters, state: { cursor: 'c', memory, waiting } };
  const file = folder.file('state.json', JSON.stringify(saved));
  using opened = openStateFile(file, CONFIG);
  expect(opened.saved?.waiting).toEqual([
    { ...waiting[0], resolves: 'rate-passed-s-1' },
    { id: 'dropped-3', type: 'summary', occurredAt: '', message: 'Dropped', count: 3 },
  ]);
  expect(newMemory('new', opened.saved?.memory)).toEqual(newMemory('s'));
});

it('Each type of notice is described', () => {
  const types = readFileSync('docs/watch.md', 'utf8').matchAll(/^\| `([\w.]+)` +\|/gm);
  expect(Array.from(types, ([, type]) => type)).toEqual(Object.keys(NOTICE_KINDS));
});

it('A state file in a folder that does not exist is refused', async () => {
  expect(await problemsOf(['--failed', '--state', '/no/such/state.json'])).toEqual([
    '--state: /no/such/state.json: expected a file in a folder that exists, but there is no /no/such',
  ]);
});

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

  const filters = { agentId: 'a' };
  it.each([
    [
      'other filters',
      { version: 1, filters },
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
  const flags = '--stuck 15 --rate slow>5/10m --webhook http://me:hush@x.test/ --status FAILED'.split(' ');
  expect(await problemsOf(flags, { WATCH_WEBHOOK_SECRET: 'hush' })).toEqual([
    '--stuck: expected a duration such as 90s, 15m, 2h or 1d, but got "15"',
    `--rate: expected a rate such as 'failed>5/10m', but got "slow>5/10m"`,
    '--webhook: expected an http or https URL without credentials, such as https://hooks.example.com/runs, but got something else (not shown)',
    'WATCH_WEBHOOK_SECRET: expected whsec_ and 24 to 64 bytes in base64, but got something else (not shown)',
  ]);
  const pagerDuty = 'https://events.eu.pagerduty.com/v2/enqueue';
  const together = ['--stuck', '1h', '--status', 'failed', '--webhook', pagerDuty];
  expect(await problemsOf(together)).toEqual([
    '--stuck: expected CREATED or RUNNING in --status, but got FAILED',
    'WATCH_ROUTING_KEY: expected a key for PagerDuty, but got none',
  ]);
  expect(await problemsOf([])).toEqual(['expected at least one of --failed, --stuck, --waiting and --rate']);
});

it.each([
  ['5s', 1_000],
  ['90s', 9_000],
  ['10m', 60_000],
  ['1d', 60_000],
])('Approvals that wait for more than %s are looked for every %i ms', async (waiting, ms) => {
  using clock = stopClock();
  const start = Date.now();
  const looks: number[] = [];
  stubGateway((_variables, query) => {
    if (query.startsWith('subscription')) return new Promise(() => undefined);
    if (query.startsWith('query Last')) return { data: { runs: { nodes: [], eventsCursor: 'c' } } };
    looks.push(Date.now() - start);
    return { data: { pendingApprovals: { nodes: [], endCursor: null } } };
  });
  void watch({ ...CONFIG, waiting }, {});
  await clock.pass(2.5 * ms);
  expect(looks).toEqual([0, ms, 2 * ms]);
});

it('All approvals that wait are read, page by page', async () => {
  const nodes = [1, 2, 3].map((number) => ({ id: `run-${number}` }));
  stubGateway(({ after = 0 }) => ({
    data: { pendingApprovals: { nodes: [nodes[after]], endCursor: after < 2 ? after + 1 : null } },
  }));
  expect(await readPending(CONFIG)).toEqual(nodes);
});

const noticeOf = (number: number): Notice => ({ id: `failed-${number}`, type: 'run.failed', occurredAt: '' });

/** Sends notices to a receiver that answers as it is told, by a clock that stands still. */
function sending(numbers: readonly number[], send: Send, setAside = async () => {}) {
  const clock = stopClock();
  const random = vi.spyOn(Math, 'random').mockReturnValue(0.9);
  onTestFinished(() => random.mockRestore());
  const [sent, reported, aside]: [string[], string[], string[]] = [[], [], []];
  const outbox = createOutbox(numbers.map(noticeOf), {
    send: (notice) => {
      sent.push(notice.id);
      return send(notice);
    },
    setAside: async ({ id }) => {
      await setAside();
      aside.push(id);
    },
    onChange: () => undefined,
  });
  void outbox.run((problem) => reported.push(problem));
  return { clock, sent, reported, aside, outbox };
}

describe('Notices that wait', () => {
  it('are not dropped while they are sent', async () => {
    const answer = Promise.withResolvers<undefined>();
    const { clock, outbox } = sending([0], ({ id }) =>
      id === 'failed-0' ? answer.promise : new Promise<never>(() => undefined),
    );
    outbox.add(Array.from({ length: 1_500 }, (_, index) => noticeOf(1 + index)));
    answer.resolve(undefined);
    await clock.pass(0);
    const counted = outbox.waiting().map(({ count = 1 }) => count);
    expect([counted.length, counted.reduce((sum, count) => sum + count)]).toEqual([999, 1_500]);
  });

  it('wait for as long as the receiver asks', async () => {
    const answers = [0, 7_000];
    const { clock, sent, reported } = sending([1], () =>
      answers.length === 0
        ? new Promise<never>(() => undefined)
        : Promise.resolve({ message: '503', retryAfterMs: answers.shift() }),
    );
    const counts: number[] = [];
    for (const ms of [900, 100, 6_900, 100]) {
      await clock.pass(ms);
      counts.push(sent.length);
    }
    expect(counts).toEqual([1, 2, 2, 3]);
    expect(reported).toEqual([1, 7].map((seconds) => `503; 1 waiting, trying again in ${seconds} s`));
  });

  it('are sent soon after one is delivered, however often others failed before', async () => {
    const answers = ['503', '503', undefined, '503'];
    const { clock, reported, outbox } = sending([1, 2], async () => {
      const message = answers.shift();
      return message === undefined ? undefined : { message };
    });
    await clock.pass(2_500);
    expect(outbox.isWell()).toBe(false);
    await clock.pass(1_500);
    expect(reported).toEqual([
      '503; 2 waiting, trying again in 1 s',
      '503; 2 waiting, trying again in 2 s',
      'the receiver takes notices again',
      '503; 1 waiting, trying again in 1 s',
      'the receiver takes notices again',
    ]);
    expect([outbox.isWell(), outbox.waiting()]).toEqual([true, []]);
  });

  it('are delivered beside one that is refused, which is set aside within two minutes', async () => {
    const refuse: Send = async ({ id }) =>
      id === 'failed-1' ? { message: '400', isRefusal: true } : undefined;
    const { clock, sent, aside, outbox } = sending([1, 2, 3], refuse);
    await clock.pass(2_000);
    expect(sent).toEqual(['failed-1', 'failed-2', 'failed-3']);
    await clock.pass(116_000);
    expect([sent.slice(3), aside, outbox.waiting()]).toEqual([['failed-1', 'failed-1'], ['failed-1'], []]);
  });

  it('are delivered at once behind any number that are refused, also where everything seems to be', async () => {
    const refused = Array.from({ length: 900 }, (_, number) => number);
    const taken = ['failed-900', 'failed-901'];
    const { clock, sent, aside, outbox } = sending([...refused, 900], async ({ id }) =>
      taken.includes(id) ? undefined : { message: '400', isRefusal: true },
    );
    await clock.pass(0);
    expect([sent.length, sent.at(-1)]).toEqual([901, 'failed-900']);
    await clock.pass(110_000);
    expect(aside).toEqual(['failed-0', 'failed-1', 'failed-2']);
    const before = sent.length;
    await clock.pass(10_000);
    expect(sent.length - before).toBe(20);
    outbox.add([noticeOf(901)]);
    await clock.pass(500);
    expect(sent).toContain('failed-901');
    await clock.pass(0);
    expect(aside).toHaveLength(6);
  });

  it('end an alert after the notice that opens it, also if that was refused at first', async () => {
    const opening: Notice = { id: 'stuck-1', type: 'run.stuck', occurredAt: '' };
    const ending: Notice = { id: 'unstuck-1', type: 'run.unstuck', occurredAt: '', resolves: 'stuck-1' };
    const answers = [{ message: '404', isRefusal: true }];
    const { clock, sent, outbox } = sending([], async () => answers.shift());
    outbox.add([opening, ending, noticeOf(1)]);
    await clock.pass(60_000);
    expect(sent).toEqual(['stuck-1', 'failed-1', 'stuck-1', 'unstuck-1']);
  });

  it('are kept where the receiver refuses everything, or they can’t be set aside', async () => {
    let isTaken = false;
    const all = [1, 2, 3, 4, 5];
    const { clock, reported, aside, outbox } = sending(all, async () =>
      isTaken ? undefined : { message: '404', isRefusal: true },
    );
    await clock.pass(600_000);
    expect(aside).toEqual(['failed-1', 'failed-2', 'failed-3']);
    expect(outbox.waiting().map(({ id }) => id)).toEqual(['failed-4', 'failed-5']);
    const everything = 'the receiver refuses everything; the others wait until it takes one';
    expect(reported.filter((text) => text === everything)).toHaveLength(1);
    isTaken = true;
    await clock.pass(60_000);
    expect(outbox.waiting()).toEqual([]);
    const full = sending(
      [1],
      async () => ({ message: '404', isRefusal: true }),
      () => Promise.reject(new Error('full')),
    );
    await full.clock.pass(150_000);
    expect(full.outbox.waiting()).toHaveLength(1);
    expect(full.reported).toContain("failed-1 can't be set aside: full");
  });
});

it('The file of what was refused keeps the newest megabyte of whole lines', async () => {
  using folder = newFolder();
  const file = folder.file('refused.jsonl');
  for (let number = 0; number < 30; number++) {
    const message = `${number} €`.repeat(20_000);
    await appendRefused(file, { ...noticeOf(number), message }, 'the receiver answered 413');
    expect(statSync(file).size).toBeLessThanOrEqual(1_000_000);
  }
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
    reason: 'the receiver answered 413',
    notice: { id: 'failed-29' },
  });
  expect(lines.length).toBeGreaterThan(4);
});

it('The name of an agent is read once, and cut between characters; it is unknown where it can’t be read', async () => {
  const names = [`x${'💶'.repeat(60)}`, null];
  stubGateway(() => {
    const name = names.shift();
    return name === null ? { errors: [{ message: 'Down' }] } : { data: { nodes: [{ name }] } };
  });
  const nameOf = createAgentNames(CONFIG);
  const first = `x${'💶'.repeat(49)}\uFFFD`;
  expect([await nameOf('agent-1'), await nameOf('agent-1')]).toEqual([first, first]);
  expect(await nameOf('agent-2')).toBeUndefined();
});

it('What became of paused runs is read as a whole, or not at all', async () => {
  let result: object = { data: { nodes: [{ id: 'run-1', approval: { state: 'ANSWERED' } }, null] } };
  stubGateway(() => result);
  const read = () => readPaused(CONFIG, ['run-1', 'run-2']);
  expect(await read()).toEqual([
    { id: 'run-1', state: 'ANSWERED' },
    { id: 'run-2', state: 'GONE' },
  ]);
  result = { ...result, errors: [{ message: 'Down', extensions: { code: 'UPSTREAM_UNAVAILABLE' } }] };
  await expect(read()).rejects.toThrow('Down');
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
  const run = { id: 'run-1', agentId: 'agent-1', createdAt: '', failure: { code: null, message: '<b> & c' } };
  const failed: Notice = { id: 'failed-run-1', type: 'run.failed', occurredAt: '2026-01-01T00:00:00Z', run };
  const formOf = (webhook: string, notice: Notice, agentName?: string) =>
    bodyOf(notice, agentName, {
      webhook,
      routingKey: 'key',
      link: 'https://runs.test/x',
      agentId: undefined,
    });
  const other = 'https://hooks.example.com/';

  it('any, with the name of the agent', () => {
    expect(formOf(other, failed, 'helper')).toEqual({
      ...failed,
      run: { ...run, agentName: 'helper' },
      message: 'run-1 of helper failed: <b> & c',
      link: 'https://runs.test/x/runs/run-1',
    });
  });

  it('any, where several runs are linked by their list', () => {
    const options = { webhook: other, routingKey: undefined, link: 'https://runs.test', agentId: 'agent-1' };
    const links = (['runs.failed', 'rate.passed', 'run.stuck', 'summary'] as const).map((type) =>
      Reflect.get(bodyOf({ id: '', occurredAt: '', type, count: 2 }, undefined, options), 'link'),
    );
    expect(links).toEqual(
      ['&status=FAILED', '&status=FAILED', '&status=ACTIVE', ''].map(
        (search) => `https://runs.test/?agent=agent-1${search}`,
      ),
    );
  });

  it('Slack', () => {
    expect(formOf('https://hooks.slack.com/services/T/B/x', failed)).toEqual({
      text: 'run-1 of agent-1 failed: &lt;b&gt; &amp; c <https://runs.test/x/runs/run-1|Show>',
    });
  });

  it('PagerDuty, where the end of an alert resolves the incident that it opened', () => {
    const to = 'https://events.pagerduty.com/v2/enqueue';
    const message = 'run-1 of helper failed: <b> & c';
    expect(formOf(to, failed, 'helper')).toEqual({
      routing_key: 'key',
      event_action: 'trigger',
      dedup_key: 'failed-run-1',
      payload: {
        summary: message,
        source: 'runs.test',
        severity: 'error',
        timestamp: failed.occurredAt,
        custom_details: { ...failed, message, run: { ...run, agentName: 'helper' } },
      },
      links: [{ href: 'https://runs.test/x/runs/run-1', text: 'Show' }],
    });
    const long = formOf(to, { ...failed, message: `x${'💶'.repeat(600)}` });
    expect(long).toHaveProperty('payload.summary', `x${'💶'.repeat(511)}\uFFFD`);
    const events = sampleNotices(0).map((notice) => [notice.type, formOf(to, notice)] as const);
    const resolved = events.flatMap(([type, event]) => {
      const { event_action: action, dedup_key: key }: Record<string, unknown> = Object(event);
      return action === 'resolve' ? [[type, key]] : [];
    });
    expect(resolved).toEqual([
      ['run.unstuck', 'test-run.stuck-0'],
      ['approval.answered', 'test-approval.waiting-0'],
      ['rate.fell', 'test-rate.passed-0'],
    ]);
    expect(events.map(([type]) => type)).toEqual(Object.keys(NOTICE_KINDS));
  });
});
