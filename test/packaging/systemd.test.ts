import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lacks } from '../support/lacks.ts';

const ANALYZE = '/usr/bin/systemd-analyze';
const UNIT = readFileSync(new URL('../../deploy/systemd/runs-gateway.service', import.meta.url), 'utf8');
/** Of 100. What is left is the network, and memory that V8 compiles to. */
const MAX_EXPOSURE = 20;

/** Runs it over the unit, of which the program is one that is there. */
function analyze(...args: readonly string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'runs-gateway-unit-'));
  const file = path.join(folder, 'runs-gateway.service');
  writeFileSync(file, UNIT.replace(/^ExecStart=.*$/m, 'ExecStart=/bin/true'));
  try {
    return execFileSync('sh', ['-c', `exec ${ANALYZE} ${args.join(' ')} ${file} 2>&1`], { encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(lacks(ANALYZE, 'Debian has it in the package systemd'))('The systemd unit', () => {
  it('has no mistakes', () => {
    expect(analyze('verify')).toBe('');
  });

  it('gives the program little of the machine', () => {
    expect(analyze('security', '--offline=true', '--no-pager', `--threshold=${MAX_EXPOSURE}`)).toContain(
      'OK',
    );
  });
});
