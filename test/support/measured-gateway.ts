import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { Config } from '../../src/config/config.ts';
import { startListening } from './listening-gateway.ts';

const MEBIBYTE = 1024 * 1024;
const FILE = new URL(import.meta.url).pathname;

/** A gateway in a process of its own, whose memory is measured, in mebibytes. */
export interface MeasuredGateway extends AsyncDisposable {
  readonly url: string;
  /** What is in use, in the heap and beside it, after everything that is garbage was collected. */
  usedMb(): Promise<number>;
  /** The most that it has taken of the machine since it was started, beyond what it took then. */
  peakMb(): number;
}

export async function startMeasuredGateway(config: Partial<Config>): Promise<MeasuredGateway> {
  const child = fork(FILE, [JSON.stringify(config)], { execArgv: ['--expose-gc'] });
  const ended = once(child, 'close');
  const [url] = await Promise.race([once(child, 'message'), ended]);
  if (typeof url !== 'string') throw new Error(`It ended with ${url}`);
  const statusKb = (name: string): number =>
    Number(
      new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1],
    );
  const startKb = statusKb('VmRSS');
  return {
    url,
    async usedMb() {
      child.send('measure');
      const [bytes] = await once(child, 'message');
      return Number(bytes) / MEBIBYTE;
    },
    peakMb: () => (statusKb('VmHWM') - startKb) / 1024,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Measures when everything that is garbage has been collected, also what was only held by finalizers. */
async function measure(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, external } = process.memoryUsage();
  process.send?.(heapUsed + external);
}

if (process.argv[1] === FILE) {
  const { url } = await startListening(JSON.parse(process.argv[2] ?? '{}'));
  process.on('message', () => void measure());
  process.send?.(url);
}
