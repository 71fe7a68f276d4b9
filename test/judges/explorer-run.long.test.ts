import { describe, expect, it } from 'vitest';
import { callKeys, itemOf, returnKeys, type WireItem } from '../../embedded-api/store/message-items.ts';
import { agentId, runId } from '../support/ids.ts';
import { liveRun } from '../support/live-runs.ts';
import type { OpenGatewayOptions } from '../support/open-gateway.ts';
import { lacksChromium, openPage, type PageOptions, violationsIn } from './open-page.ts';
import { serveGateway, type ServedGateway } from './served-gateway.ts';

type MessageType = WireItem['message_type'];

const HOSTILE = '<img src=x onerror="document.title=1"> \u202Egpj.exe';
const stepId = (number: number) => `step-00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
/** Polls come every second. */
const eventually = <T>(read: () => Promise<T>) => expect.poll(read);

/** A message of run 1 of step 1, with an item. */
function message(number: number, type: MessageType, own: object) {
  const source = {
    id: `message-00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    run_id: runId(1),
    created_at: new Date(Date.UTC(2026, 0, 1, 0, 0, number)).toISOString(),
    step_id: stepId(1),
  };
  return { ...source, items: [itemOf(source, type, 0, own)] };
}

const call = (id: string, name: string, args: string) => ({ name, arguments: args, tool_call_id: id });

/** A step of run 1 that took two seconds from a second of the run on. */
function step(number: number, fields = {}) {
  const start = Date.parse('2026-01-01T00:00:01Z') + (number - 1) * 2000;
  return {
    id: stepId(number),
    run_id: runId(1),
    agent_id: agentId(1),
    created_at: new Date(start).toISOString(),
    status: 'success',
    model: 'gpt-4o-mini',
    step_start_ns: BigInt(start) * 1_000_000n,
    step_ns: 2_000_000_000,
    llm_request_ns: 1_500_000_000,
    tool_execution_ns: 400_000_000,
    prompt_tokens: 100,
    completion_tokens: 20,
    total_tokens: 120,
    tags: [],
    messages: [],
    ...fields,
  };
}

const FAILED = {
  status: 'failed' as const,
  stop_reason: 'llm_api_error',
  completed_at: '2026-01-01T00:00:06Z',
  total_duration_ns: 5_000_000_000,
  metadata: { error: `RateLimitError: ${HOSTILE}\nTraceback (most recent call last):\n  line 2`, order: 7 },
};

const PAGE = `/runs/${runId(1)}`;
const RUNS = [liveRun(1, FAILED), liveRun(2), liveRun(3)];

interface Options extends OpenGatewayOptions, PageOptions {
  readonly path?: string;
  readonly messages?: readonly ReturnType<typeof message>[];
}

/** The page of run 1 in a browser: by default, it failed after two steps, and has a conversation. */
async function open({ width, colorScheme, path = PAGE, messages = [], ...options }: Options = {}) {
  await using starting = new AsyncDisposableStack();
  const server = starting.use(await serveGateway({ runs: RUNS, ...options }));
  if (options.runs === undefined) insertDetails(server);
  server.store.messages.insert(messages);
  const how = { width, colorScheme };
  const opened = starting.use(await openPage(server.url + path, how));
  const parts = starting.move();
  const { page } = opened;
  return {
    ...opened,
    server,
    textOf: (selector: string) => page.locator(selector).first().textContent(),
    isAt: (number: number) => page.locator('article code', { hasText: runId(number) }).waitFor(),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

function insertDetails({ store }: ServedGateway): void {
  const failure = { error_type: 'LLMError', error_data: { message: 'boom' } };
  store.steps.insert([step(1), step(2, { status: 'failed', stop_reason: 'llm_api_error', ...failure })]);
  const reasoning = { source: 'reasoner_model', reasoning: 'I look it up.', signature: null };
  store.messages.insert([
    message(1, 'user_message', { content: `Where is my parcel? ${HOSTILE}` }),
    message(2, 'reasoning_message', reasoning),
    message(3, 'tool_call_message', callKeys(call('call_1', 'find_parcel', '{"id":12345678901234567890}'))),
    message(4, 'tool_return_message', returnKeys('call_1', 'CarrierError: 504', true)),
    message(5, 'assistant_message', { content: 'x'.repeat(300_000) }),
  ]);
}

describe.skipIf(lacksChromium)('The page of a run', () => {
  it.each([
    [1280, 'light'],
    [390, 'dark'],
  ] as const)('%i pixels wide and %s, says first why it failed', async (width, colorScheme) => {
    await using opened = await open({ width, colorScheme });
    const { page, textOf } = opened;
    await page.locator('.messages li').nth(3).waitFor();
    // What a text says is shown, not done: not as elements, and not in another order of characters.
    expect(await textOf('.outcome h2')).toBe(
      'RateLimitError: <img src=x onerror="document.title=1"> \\u202egpj.exe',
    );
    expect(await textOf('.outcome')).toContain('CarrierError: 504');
    expect(await page.title()).toContain('failed');
    expect(await textOf('.facts')).toMatch(/Took\s*5\.0 s/);
    expect(await textOf('.facts')).toMatch(/Tokens\s*240/);
    expect(await page.locator('.waterfall li').count()).toBe(2);
    expect(await textOf('#step-1')).toMatch(/find_parcel.*2\.0 s.*model 1\.5 s, tools 400 ms/s);
    expect(await textOf('#step-2')).toContain('LLMError');
    for (const summary of await page.locator('summary:visible').all()) await summary.click();
    expect(await violationsIn(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(opened.complaints).toEqual([]);
    expect(opened.otherAddresses).toEqual([]);
  });

  it('folds tool calls and reasoning, cuts long texts, and keeps the digits of numbers', async () => {
    await using opened = await open();
    const { page } = opened;
    const conversation = page.locator('.messages');
    await page.locator('.outcome').getByRole('link', { name: 'step 2' }).click();
    await page.locator('#step-2 pre', { hasText: 'boom' }).waitFor();
    expect(new URL(page.url()).hash).toBe('');
    // What failed is open at once; its result is not shown a second time.
    await conversation.getByText('"id": 12345678901234567890').waitFor();
    expect(await conversation.locator('li').count()).toBe(4);
    expect(await conversation.locator('pre', { hasText: 'I look it up.' }).isVisible()).toBe(false);
    await conversation.locator('summary', { hasText: 'I look it up.' }).click();
    await conversation.locator('pre', { hasText: 'I look it up.' }).waitFor();
    const long = conversation.locator('pre', { hasText: /^\s*x/ });
    expect((await long.textContent())?.length).toBeLessThan(2000);
    await conversation.getByRole('button', { name: 'Show 100,000 more of 300,000 characters' }).click();
    await eventually(async () => (await long.textContent())?.length ?? 0).toBeGreaterThan(100_000);
  });

  it('shows the answer as it came, and opens it in GraphiQL', async () => {
    await using opened = await open();
    const { page } = opened;
    await page.getByText('Raw JSON').click();
    await page.locator('pre', { hasText: /^\s*\{\s+"data": \{\s+"run": \{\s+"id":/ }).waitFor();
    const link = page.getByRole('link', { name: 'Open in GraphiQL' });
    const popup = page.waitForEvent('popup');
    await link.click();
    const graphiql = await popup;
    const editor = graphiql.locator('.graphiql-query-editor');
    await editor.getByText('ExplorerRun').first().waitFor();
    await graphiql.getByRole('button', { name: /^execute query/i }).click();
    await graphiql.locator('.graphiql-response').getByText('RateLimitError').first().waitFor();
  });

  it('follows a run until it has ended', async () => {
    await using opened = await open({ runs: [liveRun(1)] });
    const { page, server } = opened;
    await page.locator('article .state', { hasText: 'Running' }).waitFor();
    server.store.steps.insert([step(1)]);
    server.store.messages.insert([message(1, 'user_message', { content: 'Hello there' })]);
    await page.getByText('Hello there').waitFor();
    await page.locator('#step-1').waitFor();
    server.store.update(runId(1), { ...FAILED, metadata: { error: { detail: 'No credits' } } });
    await page.locator('.outcome h2', { hasText: 'No credits' }).waitFor();
    await page.locator('article .state', { hasText: 'Failed' }).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    expect(opened.complaints).toEqual([]);
  });

  it('goes to the runs beside it by the keyboard, and back to the list as it was', async () => {
    await using opened = await open({ path: '/?status=RUNNING' });
    const { page, server, isAt } = opened;
    await page
      .getByRole('link', { name: /The agent/ })
      .first()
      .click();
    await isAt(3);
    await page.keyboard.press('j');
    await isAt(2);
    // The next one of the list with its filter: there is none.
    await page.keyboard.press('j');
    await page.getByText('There is no older run.').waitFor();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await help.waitFor();
    await page.keyboard.press('Escape');
    await eventually(() => help.count()).toBe(0);
    await isAt(2);
    await page.keyboard.press('Escape');
    await eventually(async () => page.url()).toBe(`${server.url}/?status=RUNNING`);

    await page.goto(`${server.url}/runs/${runId(2)}`);
    await isAt(2);
    await page.keyboard.press('j');
    await isAt(1);
    await page.keyboard.press('k');
    await isAt(2);
  });

  it('says that there is no such run, and shows the rest where a part fails', async () => {
    await using opened = await open({
      script: ({ path }, next) => (/metrics|messages/.test(path) ? next({ path: '/v1/nowhere' }) : next()),
    });
    const { page, server, textOf } = opened;
    await page.getByRole('region', { name: 'Conversation' }).getByRole('button', { name: 'Retry' }).waitFor();
    await page.locator('#step-2').waitFor();
    expect(await textOf('.outcome h2')).toContain('RateLimitError');
    await page.getByText('did not measure').waitFor();
    expect(await violationsIn(page)).toEqual([]);

    await page.goto(`${server.url}/runs/${runId(9)}`);
    await page.getByRole('heading', { name: 'This run does not exist' }).waitFor();
    expect(await violationsIn(page)).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });

  it('shows long conversations a hundred messages at a time', async () => {
    const messages = Array.from({ length: 250 }, (_, index) =>
      message(index + 1, 'user_message', { content: `Message ${index + 1}` }),
    );
    await using opened = await open({ runs: [liveRun(1, FAILED)], messages });
    const items = opened.page.locator('.messages > li');
    const earlier = opened.page.getByRole('button', { name: 'Show earlier messages' });
    for (const shown of [100, 200]) {
      await eventually(() => items.count()).toBe(shown);
      await earlier.click();
    }
    await eventually(() => items.count()).toBe(250);
    expect(await items.first().textContent()).toContain('Message 1');
    expect(await earlier.count()).toBe(0);
  });
});
