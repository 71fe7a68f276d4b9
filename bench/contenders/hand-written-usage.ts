import { json } from 'node:stream/consumers';
import { Pool } from 'undici';
import { serve } from '../harness/serve.ts';
import { stepsPath, UPSTREAM_URL, type WireRun, type WireStep } from './upstream-runs.ts';

/** An endpoint for exactly a page of runs with the tokens of each, without GraphQL. Nothing is checked. */
const upstream = new Pool(UPSTREAM_URL);

serve(async (request, response) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- As said: nothing is checked.
  const { variables } = (await json(request)) as { variables: { first: number } };
  const runs = await get<WireRun>(`/v1/runs/?limit=${variables.first}`);
  const nodes = await Promise.all(
    runs.map(async ({ id, status }) => {
      const steps = await get<WireStep>(stepsPath(id));
      return {
        id,
        status: status.toUpperCase(),
        usage: { totalTokens: steps.reduce((sum, step) => sum + (step.total_tokens ?? 0), 0) },
      };
    }),
  );
  const body = JSON.stringify({ data: { runs: { nodes } } });
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
});

async function get<Row>(path: string): Promise<Row[]> {
  const { body } = await upstream.request({ method: 'GET', path });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- As said: nothing is checked.
  return JSON.parse(await body.text()) as Row[];
}
