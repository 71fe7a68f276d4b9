import { assert, json as anyJson, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
// @ts-expect-error -- As above.
import { filtersIn, searchOf } from '../../src/http/explorer/browser/filters.js';
// @ts-expect-error -- As above.
import { brief, nanoseconds, visible } from '../../src/http/explorer/browser/format.js';
// @ts-expect-error -- Types of the browser's scripts are checked by a configuration of their own.
import { failureOf } from '../../src/http/explorer/browser/views/run/head.js';
// @ts-expect-error -- As above.
import { barsOf } from '../../src/http/explorer/browser/views/run/steps.js';
// @ts-expect-error -- As above.
import { indented } from '../../src/http/explorer/browser/views/run/text.js';

describe('JSON on the page of a run', () => {
  it('has the values that it had, on lines of their own', () => {
    assert(
      property(anyJson({ maxDepth: 6 }), (json) => {
        expect(JSON.parse(indented(json))).toEqual(JSON.parse(json));
      }),
    );
  });

  it.each([
    [
      '{"id":12345678901234567890,"list":[],"map":{}}',
      '{\n  "id": 12345678901234567890,\n  "list": [],\n  "map": {}\n}',
    ],
    ['["a, \\"b\\": {"]', '[\n  "a, \\"b\\": {"\n]'],
    ['{"cut":"in the mid', '{\n  "cut": "in the mid'],
    ['}}}[1', '}\n}\n}\n[\n  1'],
  ])('%j is shown as it is, but for spaces', (json, shown) => {
    expect(indented(json).replaceAll(/\s/g, '')).toBe(json.replaceAll(/\s/g, ''));
    if (!json.startsWith('}')) expect(indented(json)).toBe(shown);
  });

  it('takes no longer for what is deep, and no more room', () => {
    const json = '['.repeat(50_000) + ']'.repeat(50_000);
    expect(indented(json).length).toBeLessThan(100_000 * 50);
  });
});

describe('Texts on the page of a run', () => {
  it('spell out characters that would turn the text around them', () => {
    expect(visible('a\u202Egpj.exe\u0000\r\n\tb')).toBe('a\\u202egpj.exe\\u0000\n\tb');
  });

  it('are cut to one line where there is room for one', () => {
    expect(brief(`one\n  two ${'x'.repeat(200)}`, 12)).toBe('one two xx…');
  });
});

describe('The bars of steps', () => {
  const timing = (startedAt: string | null, totalNs: number | null, modelNs: number | null = null) => ({
    timing: { startedAt, totalNs, modelNs, toolNs: null },
  });

  it('lie where the steps began', () => {
    const steps = [timing('2026-01-01T00:00:00Z', 1e9, 5e8), timing('2026-01-01T00:00:03Z', 1e9)];
    expect(barsOf(steps)).toEqual({
      isPlaced: true,
      bars: [
        { start: 0, model: 0.125, tools: 0, other: 0.125 },
        { start: 0.75, model: 0, tools: 0, other: 0.25 },
      ],
    });
  });

  it('come one after the other where nobody knows when, and none is drawn that was not measured', () => {
    const steps = [timing(null, 3e9), timing(null, null), { timing: null }, timing(null, 1e9)];
    const { bars, isPlaced } = barsOf(steps);
    expect(isPlaced).toBe(false);
    expect(bars.map((bar: { start: number } | undefined) => bar?.start)).toEqual([
      0,
      undefined,
      undefined,
      0.75,
    ]);
  });
});

describe('The first line about a failed run', () => {
  const failure = (
    error: unknown,
    steps: readonly object[] = [],
    stopReason: string | null = 'LLM_API_ERROR',
  ) =>
    failureOf({ metadata: error === undefined ? null : { error }, stopReason, rawStopReason: null }, steps);
  const STEP = { index: 1, errorType: 'LLMError', errorData: { message: 'boom' } };
  const TRACEBACK = 'Traceback (most recent call last):\n  File "a.py", line 1\nValueError: no';

  it.each([
    ['a text in the metadata', failure('No credits left'), 'No credits left'],
    ['the first of its lines', failure('Overloaded\n  at line 1'), 'Overloaded'],
    ['the last line of a traceback', failure(TRACEBACK), 'ValueError: no'],
    ['the detail of an object', failure({ error_type: 'x', message: 'm', detail: 'd' }), 'd'],
    ['its message, if it has no detail', failure({ error_type: 'x', message: 'm', detail: null }), 'm'],
    ['what its last failed step says', failure(undefined, [STEP]), 'boom'],
    ['the type of that', failure({}, [{ ...STEP, errorData: null }]), 'LLMError'],
    ['the stop reason', failure(undefined), 'LLM API error'],
    ['that nobody knows', failure(undefined, [], 'ERROR'), 'The runs API does not say why.'],
    ['that nobody knows, without a stop reason', failure(7, [], null), 'The runs API does not say why.'],
  ])('is %s', (_, { headline }, expected) => {
    expect(headline).toBe(expected);
  });
});

describe('The filters of the explorer', () => {
  it.each([
    ['90', 90e9],
    ['1.5 min', 90e9],
    ['250ms', 250e6],
    ['2d', 172_800e9],
    ['PT1M30.5S', 90.5e9],
    ['pt1h', 3600e9],
    ['1.2.3', undefined],
    ['5 months', undefined],
    ['constructor', undefined],
    ['PT', undefined],
    ['-1s', undefined],
  ])('take %s for %s nanoseconds', (text, expected) => {
    expect(nanoseconds(text)).toBe(expected);
  });

  it('have one value each, but those that may have several', () => {
    const search = '?agent=a&agent=b&metadata=c%3D1&metadata=d&min=&status=FAILED&other=x';
    expect(filtersIn(search)).toEqual({ agent: ['a'], metadata: ['c=1', 'd'], status: ['FAILED'] });
    expect(searchOf(filtersIn(search))).toBe('?agent=a&metadata=c%3D1&metadata=d&status=FAILED');
  });
});
