import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';

export const FOLDER = new URL('../../../examples/embedding/', import.meta.url);
const IN_CLONE = new URL('in-clone.ts', FOLDER).href;
const SERVE_FETCH = new URL('serve-fetch.ts', import.meta.url).pathname;

/** An example in a process of its own, ended with the test that started it. */
export interface RunningExample extends AsyncDisposable {
  readonly url: string;
  /** Asks it to stop, and tells its exit code. */
  stop(): Promise<number | null>;
}

export interface ExampleOptions {
  readonly upstreamUrl: string;
  /** Whether it listens itself; if not, the `fetch` of its default export is served. */
  readonly listens: boolean;
}

export async function startExample(
  file: string,
  { upstreamUrl, listens }: ExampleOptions,
): Promise<RunningExample> {
  const path = new URL(file, FOLDER).pathname;
  const child = spawn(process.execPath, ['--import', IN_CLONE, ...(listens ? [path] : [SERVE_FETCH, path])], {
    env: { PATH: process.env['PATH'], LETTA_BASE_URL: upstreamUrl, PORT: '0' },
  });
  const ended = once(child, 'close').then(([code]): number | null => code);
  let output = '';
  const port = new Promise<string>((resolve, reject) => {
    const onOutput = (chunk: Buffer): void => {
      output += chunk;
      const match = /port: (\d+)/.exec(output)?.[1];
      if (match !== undefined) resolve(match);
    };
    child.stdout.on('data', onOutput);
    child.stderr.on('data', onOutput);
    void ended.then((code) => reject(new Error(`${file} ended with ${code}: ${output}`)));
  });
  return {
    url: `http://127.0.0.1:${await port}`,
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
