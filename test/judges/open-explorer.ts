import type { GatewayOptions } from '../../src/gateway-options.ts';
import { agentsOf } from '../support/agents.ts';
import { runId } from '../support/ids.ts';
import { openPage, type PageOptions } from './open-page.ts';
import { serveGateway } from './served-gateway.ts';

export const AGENTS = ['support desk', 'billing'].map((name, index) => ({
  id: `agent-00000000-0000-4000-8000-00000000000${index + 1}`,
  name,
}));

/** A run, created some seconds ago. */
export const run = (number: number, secondsAgo: number, fields = {}) => ({
  id: runId(number),
  agent_id: AGENTS[number % 2]!.id,
  status: 'running' as const,
  background: true,
  created_at: new Date(Date.now() - secondsAgo * 1000).toISOString(),
  ...fields,
});

/** Seven runs, of which each state has one at least. */
export const SOME_RUNS = () => [
  run(1, 90, ended(90, 60)),
  run(2, 60),
  run(3, 3700, {
    ...ended(3700, 5),
    status: 'failed',
    stop_reason: 'llm_api_error',
    metadata: { error: 'Overloaded\nat line 1', customer: 'acme' },
  }),
  run(4, 7300, { ...ended(7300, 400), metadata: { customer: 'acme' } }),
  run(5, 11_000, { ...ended(11_000, 2), status: 'cancelled', stop_reason: 'cancelled' }),
  run(6, 120, { ...ended(120, 20), stop_reason: 'requires_approval' }),
  run(7, 20, { status: 'created', background: false }),
];

function ended(createdAgo: number, seconds: number) {
  return {
    status: 'completed' as const,
    stop_reason: 'end_turn',
    completed_at: new Date(Date.now() - (createdAgo - seconds) * 1000).toISOString(),
    total_duration_ns: seconds * 1e9,
  };
}

interface ExplorerOptions extends PageOptions {
  readonly config?: GatewayOptions | undefined;
  readonly runs?: readonly ReturnType<typeof run>[] | undefined;
}

/** A gateway that can be stopped and started, over runs that tests change in their store. */
export function startExplorer({ config = {}, runs = SOME_RUNS() }: ExplorerOptions = {}) {
  const agents = agentsOf(runs).map((agent) => ({ ...agent, ...AGENTS.find(({ id }) => id === agent.id) }));
  return serveGateway({ runs, agents, config, drainTimeoutMs: 0 });
}

/** The list of runs at an address, in a browser. */
export async function openList(url: string, options: PageOptions = {}) {
  const opened = await openPage(url, options);
  const row = (number: number) => opened.page.locator(`[data-id="${runId(number)}"]`);
  const rows = opened.page.locator('.body .row');
  return {
    ...opened,
    row,
    statusOf: (number: number) => row(number).locator('.state').textContent(),
    /** The ids of the rows, sorted. */
    shownRuns: async (): Promise<string[]> => {
      const found = await rows.evaluateAll((all) => all.map((each) => each.getAttribute('data-id') ?? ''));
      return found.toSorted();
    },
    /** The browser itself complains of answers that aren't 200, and of those that don't come. */
    ownComplaints: () => opened.complaints.filter((text) => !text.startsWith('Failed to load')),
  };
}

/** The explorer over a gateway of its own. */
export async function openExplorer({ config, runs, ...options }: ExplorerOptions = {}) {
  await using starting = new AsyncDisposableStack();
  const server = starting.use(await startExplorer({ config, runs }));
  const list = starting.use(await openList(`${server.url}/`, options));
  const parts = starting.move();
  return { ...list, server, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
