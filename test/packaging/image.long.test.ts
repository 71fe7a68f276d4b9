import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { expect, it } from 'vitest';
import { lacks } from '../support/lacks.ts';
import { runScript } from '../support/run-script.ts';

/** Overlays are mounted, which takes root and a kernel that lets it. */
function canMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    const script =
      'mount -t tmpfs t /mnt; cd /mnt; mkdir u w m; mount -t overlay o -o lowerdir=/,upperdir=/mnt/u,workdir=/mnt/w m';
    execFileSync('unshare', ['--mount', 'sh', '-ec', script], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const reason = canMount() ? '' : ' (skipped: needs root, and a kernel that mounts overlays)';

it.skipIf(reason !== '' || lacks('/usr/bin/strip', 'Debian has it in the package binutils'))(
  `what the Dockerfile builds is small, and works as another user without writing anything${reason}`,
  async () => {
    const printed = await runScript('scripts/image-steps.ts', []);
    expect(printed).toMatch(/The image has \d+\.\d MB/);
    expect(printed).toContain('The image works.');
  },
  300_000,
);
