import { describe, expect, test } from 'vitest';
import { type Given, MAX_LIMIT } from '../observe.ts';

export function describeQuiet(given: Given): void {
  describe('afterwards', () => {
    test('the runs are what they were; if not, try again while nobody writes', async () => {
      const { client, heads } = given();
      expect(await client.list({ order: 'desc', limit: MAX_LIMIT })).toEqual(heads.desc.rows);
    });
  });
}
