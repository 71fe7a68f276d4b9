import { expect, it } from 'vitest';
import { outcomeOf } from '../../src/runs/outcomes.ts';
import { enumValues } from '../../src/runs/run-enums.ts';
import { OUTCOMES } from '../support/outcomes.ts';

it('Every status, with every stop reason and without one, has the outcome that a person would call it', () => {
  const reasons = ['null', ...enumValues('stop_reason'), 'newer'];
  const pairs = reasons.flatMap((reason) => enumValues('status').map((status) => `${status}/${reason}`));
  expect(OUTCOMES.map((each) => `${each.status}/${each.stop_reason}`).toSorted()).toEqual(pairs.toSorted());
  const found = OUTCOMES.map(({ status, stop_reason: text }) => {
    const outcome = outcomeOf({ status, stopReason: text === 'null' ? null : text });
    return { status, stop_reason: text, outcome: outcome.toUpperCase() };
  });
  expect(found).toEqual(OUTCOMES);
});

it.each([null, '', 'newer', 'constructor', '__proto__'])('Of the status %j, nothing is known', (status) => {
  expect(outcomeOf({ status, stopReason: 'end_turn' })).toBe('UNRECOGNIZED');
});
