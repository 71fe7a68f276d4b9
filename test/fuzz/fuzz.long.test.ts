import { expect, it } from 'vitest';
import { lacksProc } from '../support/lacks.ts';
import { runScript } from '../support/run-script.ts';

it.skipIf(lacksProc())('Four hundred malformed and hostile requests leave the gateway well', async () => {
  const report = await runScript('test/fuzz/main.ts', ['--count', '400']);
  expect(report).toMatch(/^400 requests with seed 1 in \d+ s, 0 failures$/m);
});
