import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

/** In a thread of its own, which attackers don't delay: asks for `/health` ten times a second, and tells how long each answer took. */
const { url }: { readonly url: string } = workerData;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
for (;;) {
  const from = performance.now();
  const status = await new Promise<number | string | undefined>((resolve) => {
    const request = get(`${url}/health`, { agent, timeout: 10_000 }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode));
    });
    request.once('error', ({ message }) => resolve(message)).once('timeout', () => request.destroy());
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- It is no window.
  parentPort?.postMessage({ status, ms: performance.now() - from });
  await sleep(100);
}
