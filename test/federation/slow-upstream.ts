import { serve } from '../support/serve.ts';

type Kind = 'runs' | 'agents';

/** A runs API that knows runs and agents by id alone, takes its time, and watches how many ask at once. */
export interface SlowUpstream extends AsyncDisposable {
  readonly baseUrl: string;
  /** What was asked since it last forgot. */
  readonly paths: string[];
  readonly mostAtOnce: (kind: Kind) => number;
  readonly forget: () => void;
}

/** @param knows whether there is a run or an agent of this id; the metrics of runs say that they took 7 ns. */
export async function startSlowUpstream(
  delayMs: number,
  knows: (id: string) => boolean,
): Promise<SlowUpstream> {
  const paths: string[] = [];
  const atOnce: Record<Kind, number> = { runs: 0, agents: 0 };
  let most = { ...atOnce };
  const served = await serve((request, response) => {
    const path = request.url ?? '';
    paths.push(path);
    const kind = path.startsWith('/v1/agents/') ? 'agents' : 'runs';
    most[kind] = Math.max(most[kind], ++atOnce[kind]);
    const [, id = '', metrics] =
      /^\/v1\/(?:runs|agents)\/([^/?]+)(\/metrics)?(?:\?include=agent\.tags)?$/.exec(path) ?? [];
    const run = {
      id,
      agent_id: id.replace('run-', 'agent-'),
      created_at: '2025-03-30T00:00:00Z',
      status: 'completed',
    };
    setTimeout(() => {
      atOnce[kind]--;
      response.writeHead(knows(id) ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(metrics === undefined ? run : { id, run_ns: 7 }));
    }, delayMs);
  });
  return {
    ...served,
    paths,
    mostAtOnce: (kind) => most[kind],
    forget() {
      paths.length = 0;
      most = { runs: 0, agents: 0 };
    },
  };
}
