import { setTimeout as wait } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';

const ENDLESS = { numRuns: 1_000_000 } as const;

it(
  'A property stops well before the time limit of its test, with no case left running',
  { timeout: 2_000 },
  async () => {
    let running = 0;
    const property = fc.asyncProperty(fc.nat(), async () => {
      running += 1;
      await wait(1);
      running -= 1;
    });
    await fc.assert(property, ENDLESS);
    expect(running).toBe(0);
    await fc.assert(property, ENDLESS);
    expect(running).toBe(0);
  },
);

it('A property that fails says by which case, however slow it is to shrink', { timeout: 2_000 }, async () => {
  const property = fc.asyncProperty(fc.array(fc.nat(), { minLength: 500 }), async () => {
    await wait(20);
    throw new Error('wrong');
  });
  await expect(fc.assert(property, ENDLESS)).rejects.toThrow(/Counterexample: \[\[\d/);
});
