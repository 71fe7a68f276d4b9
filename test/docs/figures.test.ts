import { expect, it } from 'vitest';
import costs from '../engine/cosmo-costs.json' with { type: 'json' };
import { HOSTILE_OPERATIONS } from '../engine/hostile-operations.ts';
import { FAULTS } from '../upstream/faults.ts';
import { proseOf } from './pages.ts';

it.each([
  ['ways in which an upstream fails', FAULTS.length],
  ['operations that are made to hurt', HOSTILE_OPERATIONS.length],
  ["costs beside those of Cosmo Router's engine", costs.length],
])('docs/architecture.md says how many %s are tested', (what, count) => {
  expect(proseOf('docs/architecture.md')).toContain(`${count} ${what}`);
});
