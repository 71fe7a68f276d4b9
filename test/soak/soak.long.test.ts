import { expect, it } from 'vitest';
import { hasProc, runScript } from '../support/run-script.ts';

it.runIf(hasProc)('A soak of a few seconds finds no wrong answer', async () => {
  const report = await runScript('test/soak/main.ts', ['--minutes', '0.05', '--rate', '60']);
  expect(Number(/^\| answers with data \| (\d+) \|$/m.exec(report)?.[1])).toBeGreaterThan(50);
});
