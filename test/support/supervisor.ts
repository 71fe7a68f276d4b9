// Starts the program as supervisors do, and prints what becomes of it. Arguments: `cluster` or `fork`, and
// what is done to it once it serves: `disconnect`, or `leave`, which ends this process.
import { fork } from 'node:child_process';
import cluster from 'node:cluster';
import { once } from 'node:events';
import process from 'node:process';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
const [way, order = ''] = process.argv.slice(2);
const env = { PATH: process.env['PATH'], DRAIN_GRACE_MS: '0', LIVE: 'off', ...process.env };
const args = ['--port', '0'];

const start = () => {
  if (way === 'fork') return fork(MAIN, args, { silent: true, env });
  cluster.setupPrimary({ exec: MAIN, args, silent: true });
  return cluster.fork(env).process;
};

const child = start();
// A supervisor listens, which keeps the channel open from its side.
child.on('message', () => undefined);
const [printed] = await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'exit')]);
console.log(JSON.stringify({ pid: child.pid, url: /http:\/\/[^/\s]+/.exec(String(printed))?.[0] }));
if (order === 'leave') process.exit();
else child.disconnect();
const [code, signal] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode, null];
console.log(JSON.stringify({ code, signal }));
