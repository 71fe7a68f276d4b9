import { expect, it } from 'vitest';
import { lacksProc } from '../support/lacks.ts';
import { runScript } from '../support/run-script.ts';

it.skipIf(lacksProc())('A soak of a few seconds finds no wrong answer', async () => {
  const report = await runScript('test/soak/main.ts', ['--minutes', '0.05', '--rate', '60']);
  expect(Number(/^\| answers with data \| (\d+) \|$/m.exec(report)?.[1])).toBeGreaterThan(50);
});
