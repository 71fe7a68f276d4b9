import { expect, it } from 'vitest';
import { runScript } from '../support/run-script.ts';
import { lacksNginx } from './nginx.ts';

it.skipIf(lacksNginx())(
  'while replicas are replaced, killed and paused no answer is wrong, and no event is lost or comes twice',
  async () => {
    const args = [
      '--replicas=1',
      '--pause=6',
      '--read-timeout=4',
      '--walks=6',
      '--streams=12',
      '--neighbours=0',
    ];
    expect(await runScript('test/replicas/main.ts', args)).toContain('| events lost; twice | 0; 0 |');
  },
);
