import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureKey } from '../../src/runs/failure-groups.ts';

const keyOf = (message: string, code: string | null = 'LLM_API_ERROR') => failureKey({ code, message });

describe('Failures are alike', () => {
  it.each([
    ['numbers', 'Rate limit: 30000 tokens per min', 'Rate limit: 12.5 tokens per min'],
    [
      'ids',
      'run-5d0c7a0e-8a3e-4c57-9d4e-2f6a6f0f5f11 not found',
      'run-7f000000-8a3e-4c57-9d4e-2f6a6f0f5f11 not found',
    ],
    ['ids of calls', 'No tool call call_Ab12cD', 'No tool call call_9Zy8xW'],
    ['quoted values', 'No model named "a b"', 'No model named "c"'],
    ['values in single quotes', "KeyError: 'name'", "KeyError: 'the city'"],
    ['values in backticks', 'No tool `send`', 'No tool `pay bill`'],
    ['times', 'Timed out at 2026-01-01T00:01:00Z', 'Timed out at 2027-12-31T23:59:59+01:00'],
    ['clock times', 'Retry after 12:30:01', 'Retry after 09:00:00'],
    ['addresses of hosts', 'Cannot connect to 10.0.0.1:8080', 'Cannot connect to 192.168.1.20:11434'],
    ['URLs', 'GET https://api.test/v1/a failed', 'GET http://other.test/ failed'],
    ['mail addresses', 'No account ann@example.com', 'No account bob@example.org'],
    ['line breaks', 'No credits\n  left', 'No credits left'],
  ])('if they differ in %s alone', (_name, first, second) => {
    expect(keyOf(first)).toBe(keyOf(second));
  });

  it.each([
    ['words', 'No credits left', 'No tokens left'],
    ['words between apostrophes', "It can't read, and doesn't", "It can't write, and doesn't"],
    ['the name of a host without a digit', 'No host api-a.test', 'No host api-b.test'],
  ])('but not if they differ in %s', (_name, first, second) => {
    expect(keyOf(first)).not.toBe(keyOf(second));
  });

  it('but not if their codes differ, or one says nothing', () => {
    const keys = [keyOf('a'), keyOf('a', 'ERROR'), keyOf('a', null), failureKey(null)];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('whatever the numbers in a message are', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 3, maxLength: 3 }), ([a = 0, b = 0, c = 0]) => {
        expect(keyOf(`Step ${a} of ${b} took ${c}ms`)).toBe(keyOf('Step 1 of 2 took 3ms'));
      }),
    );
  });

  it('by the beginning of a long message, whatever it is made of', () => {
    for (const part of ['"', "'", " '", 'a', 'a@', '-', ' "a'])
      expect(keyOf(part.repeat(100_000)).length).toBeLessThan(5_000);
  });
});
