import { expect, it } from 'vitest';
import { hasProblems } from '../../src/doctor/finding.ts';
import { startRawUpstream } from '../support/raw-upstream.ts';
import { FAULTS } from '../upstream/faults.ts';
import { examineCase } from './examination.ts';

it.each(FAULTS)('The doctor finds a problem where every answer is: $name', async ({ answer }) => {
  await using upstream = await startRawUpstream(answer);
  const origin = new URL(upstream.baseUrl).host;
  const report = await examineCase({ name: '', finds: [], origin, options: { timeoutMs: 300 } });
  expect(hasProblems(report)).toBe(true);
});
