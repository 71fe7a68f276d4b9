import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { releaseMemory, residentBytes } from '../../src/runtime/process-memory.ts';

it('Releasing memory collects what is garbage', async () => {
  const garbage = makeGarbage();
  await nextTurn();
  releaseMemory();
  expect(garbage.deref()).toBeUndefined();
  expect(residentBytes()).toBeGreaterThan(0);
});

function makeGarbage(): WeakRef<object> {
  return new WeakRef({ isNeeded: false });
}
