import { expect, it } from 'vitest';
import { outcomeOf } from '../../src/runs/outcomes.ts';
import { enumValues } from '../../src/runs/run-enums.ts';
import { OUTCOMES } from '../support/outcomes.ts';

it('Every status, with every stop reason and without one, has the outcome that a person would call it', () => {
  const given = OUTCOMES.map(({ status, stop_reason }) => `${status}/${stop_reason}`);
  const reasons = [null, ...enumValues('stop_reason'), 'newer'];
  const all = reasons.flatMap((reason) => enumValues('status').map((status) => `${status}/${reason}`));
  expect(given.toSorted()).toEqual(all.toSorted());
  for (const { status, stop_reason: stopReason, outcome } of OUTCOMES) {
    const shown = outcomeOf({ status, stopReason }).toUpperCase();
    expect([status, stopReason, shown]).toEqual([status, stopReason, outcome]);
  }
});

it.each([null, '', 'newer', 'constructor', '__proto__'])('Of the status %j, nothing is known', (status) => {
  const outcomes = [null, 'end_turn', 'constructor'].map((stopReason) => outcomeOf({ status, stopReason }));
  expect(new Set(outcomes)).toEqual(new Set(['UNRECOGNIZED']));
});
