import AxeBuilder from 'axe-core';
import type { Page } from 'playwright-core';
import type { GatewayOptions } from '../../src/gateway.ts';
import { agentsOf } from '../support/agents.ts';
import { serveGateway, type ServedGateway } from './served-gateway.ts';

export const AGENTS = ['support desk', 'billing'].map((name, index) => ({
  id: `agent-00000000-0000-4000-8000-00000000000${index + 1}`,
  name,
}));

export const runId = (number: number): string =>
  `run-${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;

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

/** A gateway that can be stopped and started, over runs that tests change in their store. */
export async function startExplorer(
  config: GatewayOptions = {},
  runs: readonly ReturnType<typeof run>[] = SOME_RUNS(),
): Promise<ServedGateway> {
  const agents = agentsOf(runs).map((agent) => ({ ...agent, ...AGENTS.find(({ id }) => id === agent.id) }));
  return serveGateway({ runs, agents, config, drainTimeoutMs: 0 });
}

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe-core finds wrong in a page, each with the elements. */
export async function violationsIn(page: Page): Promise<readonly string[]> {
  // The page's own policy takes no scripts of others; those of the browser's protocol are not asked.
  await page.evaluate(AxeBuilder.source);
  const { violations } = await page.evaluate(
    // oxlint-disable-next-line typescript/no-explicit-any -- Defined by the line above, in the page.
    () => (globalThis as any).axe.run() as Promise<{ violations: readonly Violation[] }>,
  );
  return violations.map(({ id, help, nodes }) => {
    const elements = nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`);
    return `${id}: ${help}: ${elements.join('\n')}`;
  });
}
