import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutText, MAX_CHARACTERS, writeToolResult } from '../../../src/mcp/tool-result.ts';
import { listOf } from '../../../src/mcp/tool.ts';
import { listPendingApprovals } from '../../../src/mcp/tools/approvals.ts';
import { readMessages } from '../../../src/mcp/tools/messages.ts';
import { explainRun } from '../../../src/mcp/tools/runs.ts';
import { runStats } from '../../../src/mcp/tools/statistics.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const NOW = Date.UTC(2026, 0, 2);
/** Short texts of all characters, repeated until they are long. */
const text = fc
  .tuple(fc.string({ unit: 'binary', maxLength: 20 }), fc.integer({ min: 0, max: 5000 }))
  .map(([unit, count]) => unit.repeat(count));
const value = fc.oneof(
  text,
  fc.array(text, { maxLength: 30 }),
  fc.dictionary(fc.oneof(text, fc.constant('__proto__')), text, { maxKeys: 9 }),
  fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }),
);
const item = fc.record({ id: text, value, age: text, seconds: fc.double() });

it('An answer has at most 20,000 characters, and is JSON, whatever is in it', () => {
  const property = fc.property(
    fc.dictionary(fc.string({ maxLength: 20 }), value, { maxKeys: 12 }),
    fc.array(item, { maxLength: 50, size: 'max' }),
    fc.boolean(),
    (facts, items, keepsEnd) => {
      const rest = (shown: number) => `after ${shown} of ${items.length}`;
      const written = writeToolResult({ facts, list: { name: 'runs', items, keepsEnd, rest } }, NOW);
      expect(written.length).toBeLessThanOrEqual(MAX_CHARACTERS);
      const parsed: { runs?: unknown[]; rest?: string; cut?: string } = JSON.parse(written);
      if (parsed.cut === undefined) expect(parsed.rest).toBe(rest(parsed.runs?.length ?? 0));
    },
  );
  fc.assert(property, { numRuns: propertyRuns(40) });
});

it.each([
  [false, 0],
  [true, 38],
])('What does not fit is left out of the list, and its rest says so; keepsEnd: %s', (keepsEnd, first) => {
  const texts = Array(10).fill('x'.repeat(100));
  const items = Array.from({ length: 50 }, (_, number) => ({ number, texts }));
  const rest = (shown: number) => `${shown} are shown`;
  const written = writeToolResult({ facts: {}, list: { name: 'runs', items, keepsEnd, rest } }, NOW);
  const { runs, rest: said }: { runs: { number: number }[]; rest: string } = JSON.parse(written);
  expect([runs.length, runs[0]?.number, said]).toEqual([12, first, '12 are shown']);
});

it('The list has as many items as fit, and any other list twenty', () => {
  const names = Array.from({ length: 50 }, (_, number) => `${number}`);
  const items = names.map((name) => ({ name }));
  const rest = (shown: number) => `after ${shown}`;
  const written = writeToolResult({ facts: { names }, list: { name: 'runs', items, rest } }, NOW);
  expect(JSON.parse(written)).toEqual({
    names: [...names.slice(0, 20), '… 30 more'],
    runs: items,
    rest: 'after 50',
  });
});

it.each([
  [100, 'call_', []],
  [20, 'x'.repeat(200), ['… 80 more']],
])(
  'list_pending_approvals shows %d of a hundred tool calls, which are answered all at once',
  (shown, prefix, rest) => {
    const toolCalls = Array.from({ length: 100 }, (_, number) => ({
      toolCallId: `${prefix}${number}`.slice(-200),
      arguments: 'x'.repeat(1000),
    }));
    const nodes = [{ id: 'run-1', pause: { toolCalls } }];
    const data = { pendingApprovals: { nodes, isComplete: true, endCursor: null } };
    const written = JSON.parse(writeToolResult(listPendingApprovals.result(data, {}, NOW), NOW));
    const calls = written.pending[0].pause.toolCalls;
    const ids = toolCalls.map(({ toolCallId }) => ({ toolCallId }));
    expect(calls.slice(0, shown)).toMatchObject(ids.slice(0, shown));
    expect(calls.slice(shown)).toEqual(rest);
  },
);

it('run_stats says why a cost is not known', () => {
  const costs = [
    { runs: { value: 0 } },
    { runs: { value: 1 }, tokens: null },
    { runs: { value: 1 }, tokens: [] },
  ].map((each) => runStats.result({ runStats: each }, { cost: true }, NOW).facts?.cost);
  expect(costs).toEqual([
    'nothing: there are no runs',
    'not known: the steps could not be read',
    'not known: none of the models has a price',
  ]);
});

it('run_stats shows the newest of more hours than fit', () => {
  const time = Array.from({ length: 700 }, (_, hour) => ({
    from: new Date(NOW - (700 - hour) * 3_600_000).toISOString(),
    runs: { value: hour, precision: 'EXACT' },
  }));
  const answer = runStats.result({ runStats: { time } }, { by: 'hour', since: '30d', cost: false }, NOW);
  const { hour, rest } = JSON.parse(writeToolResult(answer, NOW));
  expect([hour.length < 700, hour.at(-1).runs, rest]).toEqual([true, 699, 'Earlier ones are left out.']);
});

it('Where texts are cut, ids and the cursor to go on from are not', () => {
  const texts = Array(10).fill('x'.repeat(1000));
  const toolCallId = `call_${'0'.repeat(150)}`;
  const items = Array.from({ length: 12 }, () => ({ toolCallId, texts }));
  const rest = () => `There are more: call again with cursor ${'c'.repeat(130)}`;
  const written = JSON.parse(writeToolResult({ list: { name: 'runs', items, rest } }, NOW));
  expect(written).toMatchObject({ rest: rest(), runs: items.map(() => ({ toolCallId })) });
  expect(written.runs[0].texts[0]).toContain('[1000 characters]');
});

it.each([
  [false, 'id-2', 'id-9'],
  [true, 'id-7', 'id-0'],
])('The cursor of a list leads to what was left out; keepsEnd: %s', (keepsEnd, cut, whole) => {
  const nodes = Array.from({ length: 10 }, (_, number) => ({ id: `id-${number}` }));
  const { rest } = listOf('runs', nodes, false, { keepsEnd });
  expect(rest(3)).toBe(`There are more: call again with cursor ${cut}`);
  expect(rest(10)).toBe('This is all.');
  expect(listOf('runs', nodes, true, { keepsEnd }).rest(10)).toContain(`with cursor ${whole}`);
  const { rest: restOfPage } = listOf('runs', nodes, 'end-of-page', { keepsEnd });
  expect([restOfPage(3), restOfPage(10)].map((said) => said.split(' ').at(-1))).toEqual([cut, 'end-of-page']);
});

it('A list that was not read, or not whole, is not said to be all', () => {
  const ends = [
    readMessages.result({ run: null }, { from: 'end' }, NOW),
    explainRun.result({ run: { steps: null } }, {}, NOW),
    listPendingApprovals.result(
      { pendingApprovals: { nodes: [], isComplete: false, endCursor: null } },
      {},
      NOW,
    ),
    listPendingApprovals.result(
      { pendingApprovals: { nodes: [], isComplete: true, endCursor: null } },
      {},
      NOW,
    ),
    ...[20, 19].map((count) => {
      const agent = Array.from({ length: count }, () => ({}));
      return runStats.result({ runStats: { agent } }, { by: 'agent' }, NOW);
    }),
    runStats.result({ runStats: { failure: null } }, { by: 'failure' }, NOW),
  ].map(({ list }) => list?.rest(list.items.length));
  expect(ends).toEqual([
    'They could not be read.',
    'They could not be read.',
    'An agent could not be read, so there may be more.',
    'This is all.',
    'There may be more, with fewer runs.',
    'This is all.',
    'They could not be read.',
  ]);
});

it('explain_run says whether it has all steps, and keeps their order', () => {
  const steps = { nodes: [{ status: 'a' }, {}, { status: 'a' }], pageInfo: { hasPreviousPage: false } };
  const { list } = explainRun.result({ run: { steps } }, {}, NOW);
  expect(list?.items).toMatchObject([{ status: 'a' }, {}, { status: 'a' }]);
  expect([list?.rest(3), list?.rest(1)]).toEqual(['These are all steps.', 'Earlier steps are left out.']);
});

it('An item that does not fit by itself is cut, and no cursor leads past others', () => {
  const texts = Array(20).fill('\u0001'.repeat(100));
  const items = Array.from({ length: 50 }, () => ({ texts, more: texts }));
  const rest = (shown: number) => `${shown} is shown`;
  const written = writeToolResult({ facts: {}, list: { name: 'runs', items, rest } }, NOW);
  expect(JSON.parse(written)).toEqual({
    cut: expect.stringMatching(/^\{"runs":\[\{.*"rest":"1 is shown"\}$/),
  });
});

it('Ages, seconds and counts are short, and nulls are left out', () => {
  const facts = {
    age: '2026-01-01T21:00:00Z',
    lastRunAge: '2025-12-01T00:00:00Z',
    p50Seconds: 1_234_567_890,
    message: 'text',
    nothing: null,
    runs: { value: 3, precision: 'EXACT' },
    failed: { value: 3, precision: 'AT_LEAST' },
    many: Array(25).fill(1),
  };
  expect(JSON.parse(writeToolResult({ facts }, NOW))).toEqual({
    age: '3h',
    lastRunAge: '4w',
    p50Seconds: 1.2,
    message: 'text',
    runs: 3,
    failed: 'at least 3',
    many: [...Array(20).fill(1), '… 5 more'],
  });
});

it('A long text is cut in its middle, where it says its length, and stays well-formed', () => {
  expect(cutText('short', 100)).toBe('short');
  expect(cutText(`${'a'.repeat(500)}${'z'.repeat(500)}`, 30)).toBe(
    `${'a'.repeat(20)}… [1000 characters] …${'z'.repeat(10)}`,
  );
  expect(cutText('😀'.repeat(100), 31).isWellFormed()).toBe(true);
});
