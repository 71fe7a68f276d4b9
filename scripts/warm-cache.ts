import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';

/** Starts a program until it has answered something, so that its compile cache is there. Arguments: its main file. */
const [main = ''] = process.argv.slice(2);
const args = ['--max-semi-space-size=16', main, '--host', '127.0.0.1', '--port', '0'];
const child = spawn(process.execPath, args, {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { DRAIN_GRACE_MS: '0' },
});
try {
  const [line]: string[] = await once(createInterface({ input: child.stdout }), 'line');
  const root = /http:\/\/\S+/.exec(line ?? '')?.[0] ?? '';
  const response = await fetch(new URL('/graphql?query={runs(first:1){nodes{id}}}', root));
  if (!response.ok) throw new Error(await response.text());
} finally {
  child.kill('SIGTERM');
}
const [code] = await once(child, 'close');
process.exitCode = Number(code);
