import { assert, json as anyJson, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinedRuns, type TurnRun } from '../../../src/explorer/browser/conversations/turns.ts';
import type { Message, Pause } from '../../../src/explorer/browser/documents/run.ts';
import { displayText, visible } from '../../../src/explorer/browser/format/text.ts';
import { nanoseconds } from '../../../src/explorer/browser/format/time.ts';
import { joined } from '../../../src/explorer/browser/run/items.ts';
import { pairCalls } from '../../../src/explorer/browser/run/pair-calls.ts';
import {
  answersIn,
  asksPerson,
  noteOf,
  resultOf,
  shownStateOf,
} from '../../../src/explorer/browser/run/pause.ts';
import { barsOf } from '../../../src/explorer/browser/run/step-bars.ts';
import { applyEvents, rowOf, type RunEvent } from '../../../src/explorer/browser/runs/apply-events.ts';
import { filtersIn, searchOf, variablesOf } from '../../../src/explorer/browser/runs/filters.ts';
import { stateOf, STATES, type RunState } from '../../../src/explorer/browser/runs/states.ts';
import { OUTCOMES } from '../../support/outcomes.ts';
import type { RandomRun } from '../../support/random-runs.ts';
import { isSelected, type Selecting } from '../../support/run-arguments.ts';

describe('JSON on the page of a run', () => {
  it('has the values that it had, on lines of their own', () => {
    assert(
      property(anyJson({ maxDepth: 6 }), (json) => {
        expect(JSON.parse(displayText(json).text)).toEqual(JSON.parse(json));
      }),
    );
  });

  it('keeps the digits of numbers', () => {
    expect(displayText('{"id":12345678901234567890,"list":[]}').text).toBe(
      '{\n  "id": 12345678901234567890,\n  "list": []\n}',
    );
  });

  const deep = '['.repeat(50_000) + ']'.repeat(50_000);
  it.each(['{"cut":"in the mid', '[a, b]', deep])('is a text where it is none, or too deep: %.9s', (text) => {
    expect(displayText(text)).toEqual({ text, isJson: false });
    expect(displayText(JSON.parse(deep)).text).toContain('nested too deeply');
  });
});

it('The bars of steps lie where the steps began, and none is drawn that was not measured', () => {
  const step = (startedAt: string, totalNs: number | null) => ({
    timing: { startedAt, totalNs, modelNs: null, toolNs: null },
  });
  const steps = [
    step('2026-01-01T00:00:00Z', 1e9),
    step('2026-01-01T00:00:03Z', 1e9),
    step('2026-01-01T00:00:03Z', null),
  ];
  expect(barsOf(steps).map((bar) => bar?.start)).toEqual([0, 0.75, undefined]);
  // By another clock, a step may have begun before the first one.
  expect(barsOf([steps[1]!, steps[0]!]).map((bar) => bar?.start)).toEqual([0.75, 0]);
});

it('Calls with the same id have their results in the order of the calls', () => {
  const message = (ids: readonly string[], results: readonly string[]) =>
    ({
      toolCalls: ids.map((id) => ({ id })),
      toolReturns: results.map((toolCallId) => ({ toolCallId })),
    }) as unknown as Message;
  const messages = [message(['a', 'a', 'b'], []), message([], ['a', 'b']), message([], ['a', 'a'])];
  const [calls, , last] = messages;
  const [first, second, other] = calls?.toolCalls ?? [];
  const results = messages.flatMap(({ toolReturns }) => toolReturns ?? []);
  const pairs = pairCalls(messages, ({ toolReturns }) => toolReturns ?? undefined);
  expect([first, second, other].map((call) => pairs.get(call!))).toEqual([
    results[0],
    results[2],
    results[1],
  ]);
  expect(pairs.get(first!)).toBe(results[0]);
  expect(pairs.get(second!)).toBe(last?.toolReturns?.[0]);
});

it('Texts spell out characters that would turn the text around them', () => {
  expect(visible('a\u202Egpj.exe\u0000\r\n\tb')).toBe('a\\u202egpj.exe\\u0000\n\tb');
});

it.each([
  ['the first page', undefined, [1, 50, 'c1'], null, [1, 50, 'c1']],
  ['a page that is all', undefined, [1, 50, null], null, [1, 50, null]],
  ['the page before', [51, 60, 'c51'], [1, 50, null], 'c51', [1, 60, null]],
  ['newer ones that overlap', [1, 50, 'c1'], [49, 52, 'c49'], null, [1, 52, 'c1']],
  ['newer ones that overlap where all are shown', [1, 50, null], [49, 52, 'c49'], null, [1, 52, null]],
  ['the same and newer ones', [1, 50, 'c1'], [1, 52, 'c1'], null, [1, 52, 'c1']],
  ['newer ones behind a gap', [1, 50, 'c1'], [60, 62, 'c60'], null, [60, 62, 'c60']],
] as const)('The items of a run are joined with %s', (_what, items, page, before, expected) => {
  const nodesOf = ([from, to]: readonly [number, number, unknown]) =>
    Array.from({ length: to - from + 1 }, (_, at) => ({ id: `message-${from + at}` }));
  const [, , start] = page;
  const pageInfo = { hasPreviousPage: start !== null, startCursor: start ?? `c${page[0]}` };
  const shown = items && { nodes: nodesOf(items), start: items[2] };
  expect(joined(shown, { nodes: nodesOf(page), pageInfo }, before)).toEqual({
    nodes: nodesOf(expected),
    start: expected[2],
  });
});

it('Runs of a conversation are joined, newest first, and take the values that were read last', () => {
  const pageOf = (status: string, ...numbers: readonly number[]) =>
    numbers.map((number) => ({ id: `run-${number}`, status }) as unknown as TurnRun);
  const first = joinedRuns(new Map(), pageOf('old', 4, 3), null);
  const newer = joinedRuns(first, pageOf('new', 5, 4), null);
  const earlier = joinedRuns(newer, pageOf('new', 2, 1), 'cursor');
  const expected = [...pageOf('new', 5, 4), ...pageOf('old', 3), ...pageOf('new', 2, 1)];
  expect([...earlier.values()]).toEqual(expected);
});

describe('What the explorer says of a run that paused', () => {
  const pause = (state: Pause['state'], asks: readonly Pause['toolCalls'][number]['asks'][] = []): Pause => ({
    state,
    isAnswerSent: false,
    reason: null,
    requestedAt: null,
    toolCalls: asks.map((each, at) => ({
      toolCallId: `call_${at}`,
      name: 'danger',
      arguments: '{}',
      asks: each,
    })),
    decisions: [],
    answeredBy: state === 'ANSWERED' ? { id: 'run-2' } : null,
  });
  const sent = (id: string, isProven = false) => ({ run: { id }, isProven, failure: null });

  it.each([
    [pause('PENDING', ['PERSON', 'UNKNOWN']), 'Needs approval'],
    [pause('PENDING', ['PERSON', 'CLIENT']), 'Waits for its client'],
    [pause('ANSWERED', ['CLIENT']), 'Paused, and was answered'],
  ])('is who has to answer, while it waits: %#', (paused, title) => {
    expect(noteOf(paused)[0]).toBe(title);
  });

  it.each([
    [sent('run-2'), pause('PENDING'), 'The answer was sent, and what was approved is running.'],
    [sent('run-2'), pause('ANSWERED'), 'The answer was taken.'],
    [sent('run-3', true), pause('PENDING'), 'The answer was taken.'],
    [sent('run-3'), pause('ANSWERED'), 'Another answer came first.'],
    [{ ...sent('run-2'), failure: { message: 'No.' } }, pause('ANSWERED'), 'No.'],
  ])('is what became of an answer, and no more than is proven: %#', (answer, paused, text) => {
    expect(resultOf(answer, paused)).toBe(text);
  });

  it.each([
    [pause('PENDING', ['PERSON', 'UNKNOWN']), undefined, true],
    [pause('PENDING', ['PERSON', 'CLIENT']), undefined, false],
    [pause('PENDING', ['PERSON']), sent('run-2'), false],
    [pause('PENDING', ['PERSON']), { ...sent('run-2'), failure: { message: 'No.' } }, true],
    [pause('ANSWERED', ['PERSON']), undefined, false],
    [{ ...pause('PENDING', ['PERSON']), isAnswerSent: true }, undefined, false],
  ])('may be answered once, unless that failed: %#', (paused, answer, expected) => {
    expect(asksPerson(paused, answer)).toBe(expected);
  });

  it.each<[Pause, string]>([
    [pause('PENDING', ['PERSON']), 'WAITING'],
    // It has no buttons for a person either.
    [pause('PENDING', ['PERSON', 'CLIENT']), 'PAUSED'],
    [{ ...pause('PENDING', ['PERSON']), isAnswerSent: true }, 'PAUSED'],
    [pause('ANSWERED', ['PERSON']), 'PAUSED'],
  ])('is its state, which needs approval only while a person can give it: %#', (approval, state) => {
    const run = {
      id: 'run-1',
      outcome: 'PAUSED',
      status: 'COMPLETED',
      stopReason: 'REQUIRES_APPROVAL',
    } as const;
    expect(shownStateOf({ ...run, approval })).toBe(state);
  });

  it('is answered by what a form has for each call, and approved by nothing else', () => {
    const form = new FormData();
    form.set('approve0', 'true');
    form.set('reason1', 'too\r\nrisky');
    expect(answersIn(form, pause('PENDING', ['PERSON', 'PERSON']).toolCalls)).toEqual([
      { toolCallId: 'call_0', approve: true, reason: null },
      { toolCallId: 'call_1', approve: false, reason: 'too\nrisky' },
    ]);
    for (const all of ['true', 'false']) {
      form.set('approveAll', all);
      const answers = answersIn(form, pause('PENDING', ['PERSON', 'PERSON']).toolCalls);
      expect(answers.map(({ approve }) => approve)).toEqual([all === 'true', all === 'true']);
    }
  });
});

describe('The filters of the explorer', () => {
  it.each([
    ['90', 90e9],
    ['1.5 min', 90e9],
    ['250ms', 250e6],
    ['PT1M30.5S', 90.5e9],
    ['constructor', undefined],
    ['-1s', undefined],
  ])('take %s for %s nanoseconds', (text, expected) => {
    expect(nanoseconds(text)).toBe(expected);
  });

  it('of what waits are few', () => {
    const search = '?agent=a&min=1m&after=24h&status=WAITING';
    expect(filtersIn(search)).toEqual({ agent: ['a'], status: ['WAITING'] });
    expect(searchOf({ ...filtersIn('?min=1m'), status: ['WAITING'] })).toBe('?status=WAITING');
  });

  it('have one value each, but those that may have several', () => {
    const search = '?agent=a&agent=b&metadata=c%3D1&metadata=d&min=&status=FAILED&other=x';
    expect(filtersIn(search)).toEqual({ agent: ['a'], metadata: ['c=1', 'd'], status: ['FAILED'] });
    expect(searchOf(filtersIn(search))).toBe('?agent=a&metadata=c%3D1&metadata=d&status=FAILED');
  });
});

it('Events bring runs into a list, and out of it, but none that a later page will bring', () => {
  const runAt = (second: number): NonNullable<RunEvent['run']> => {
    const run = { id: `run-${second}`, createdAt: `2026-01-01T00:00:0${second}Z`, status: 'RUNNING' };
    return run as NonNullable<RunEvent['run']>;
  };
  const added = (second: number): RunEvent =>
    ({ kind: 'ADDED', runId: `run-${second}`, run: runAt(second) }) as RunEvent;
  const events: RunEvent[] = [added(1), added(4), { ...added(2), kind: 'REMOVED' }];
  const rows = [3, 2].map((second) => rowOf(runAt(second)));
  const shown = (hasMore: boolean) => applyEvents(rows, events, hasMore).map(({ id }) => id);
  expect(shown(true)).toEqual(['run-4', 'run-3']);
  expect(shown(false)).toEqual(['run-4', 'run-3', 'run-1']);
});

it('A run is found by the state that it is shown with, which goes by its outcome, and by no other one', () => {
  for (const { status, stop_reason, outcome } of OUTCOMES.filter((each) => each.outcome !== 'UNRECOGNIZED')) {
    const [run, shown] = [{ status, stop_reason } as RandomRun, { outcome, status: status.toUpperCase() }];
    // What waits has a list of its own.
    const { WAITING: _, ...others } = STATES;
    const states = Object.keys(others).filter((state) =>
      isSelected(run, variablesOf({ status: [state] }, 0) as Selecting),
    );
    expect([status, stop_reason, states]).toEqual([status, stop_reason, [stateOf(shown as RunState)]]);
    expect(states.includes('FAILED')).toBe(outcome === 'FAILED');
  }
});
