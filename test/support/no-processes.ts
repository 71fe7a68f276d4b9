import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { afterAll } from 'vitest';

const forbidden = new Set<string>();

/** Makes a call of the platform fail, and remembers it for a test that swallows the error. */
function forbid(owner: object, name: string): void {
  Object.defineProperty(owner, name, {
    configurable: true,
    value: () => {
      forbidden.add(name);
      throw new Error(`A unit test must not call ${name}: it opens no socket and starts no process.`);
    },
  });
}

forbid(net.Socket.prototype, 'connect');
forbid(net.Server.prototype, 'listen');
for (const name of ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync']) {
  forbid(childProcess, name);
}
syncBuiltinESMExports();

afterAll(() => {
  if (forbidden.size === 0) return;
  throw new Error(`These tests call ${[...forbidden].join(', ')}: name the file *.test.ts, without "unit".`);
});
