import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A runs API that knows runs and agents by id alone, takes its time, and watches how many ask at once. */
export interface SlowUpstream extends AsyncDisposable {
  readonly baseUrl: string;
  /** What was asked since it last forgot. */
  readonly paths: string[];
  readonly mostAtOnce: () => number;
  readonly forget: () => void;
}

/** @param knows whether there is a run or an agent of this id; the metrics of runs say that they took 7 ns. */
export async function startSlowUpstream(
  delayMs: number,
  knows: (id: string) => boolean,
): Promise<SlowUpstream> {
  const paths: string[] = [];
  let atOnce = 0;
  let most = 0;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    paths.push(path);
    most = Math.max(most, ++atOnce);
    const [, id = '', metrics] =
      /^\/v1\/(?:runs|agents)\/([^/?]+)(\/metrics)?(?:\?include=agent\.tags)?$/.exec(path) ?? [];
    const run = { id, agent_id: 'agent-1', created_at: '2025-03-30T00:00:00Z', status: 'completed' };
    setTimeout(() => {
      atOnce--;
      response.writeHead(knows(id) ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(metrics === undefined ? run : { id, run_ns: 7 }));
    }, delayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    paths,
    mostAtOnce: () => most,
    forget() {
      paths.length = 0;
      most = 0;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
