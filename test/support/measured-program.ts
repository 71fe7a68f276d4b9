import { fork } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
const REPORT = new URL('memory-report.ts', import.meta.url).href;

/** Mebibytes of a process. */
interface MemoryReport {
  /** The heap and what is outside of it, after everything that is garbage was collected. */
  readonly held: number;
  /** The most that it has ever had from the operating system. */
  readonly peak: number;
}

/** The program in a process of its own, of which the memory is measured. */
export interface MeasuredProgram extends AsyncDisposable {
  readonly url: string;
  memory(): Promise<MemoryReport>;
}

export async function startMeasured(env: Readonly<Record<string, string>>): Promise<MeasuredProgram> {
  const child = fork(MAIN, ['--port', '0'], {
    execArgv: ['--expose-gc', '--import', REPORT],
    env: { PATH: process.env['PATH'], DRAIN_GRACE_MS: '0', LIVE: 'off', LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const { promise: url, resolve, reject } = Promise.withResolvers<string>();
  let printed = '';
  child.stdout?.on('data', (chunk) => {
    const address = /http:\/\/[^/\s]+/.exec((printed += chunk))?.[0];
    if (address !== undefined) resolve(address);
  });
  child.once('exit', () => reject(new Error(`It has ended: ${printed}`)));
  return {
    url: await url,
    async memory() {
      const reported = once(child, 'message');
      child.send('report');
      const [report] = await reported;
      return report as MemoryReport;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
