import { UpstreamError } from '../../errors/upstream-error.ts';
import { type ListParameters, pathOf, type UncheckedPage } from '../../lists/list.ts';
import { ProvenList } from '../../lists/ranges/proven-list.ts';
import { AGENT_LIST, type AgentFilter } from '../../runs/agent-list.ts';
import type { Agent } from '../../runs/agent.ts';
import type { CallerRequests } from './caller-requests.ts';
import type { CallerRuns } from './caller-runs.ts';
import { decoded } from './decode/decode-error.ts';
import { decodeAgents } from './decode/decode-items.ts';
import { ITEMS } from './endpoints.ts';
import type { RunsUpstream } from './runs-upstream.ts';

/** The agents that one caller can see. One that the API can't read makes it fail, alone or with its whole page. */
export class CallerAgents extends ProvenList<Agent, AgentFilter> {
  readonly #requests: CallerRequests;
  readonly #upstream: RunsUpstream;
  readonly understandsRepeatedKeys: () => Promise<boolean | undefined>;

  /** @param runs tell whether the upstream understands repeated keys */
  constructor(upstream: RunsUpstream, requests: CallerRequests, runs: CallerRuns) {
    super(AGENT_LIST, upstream.agents);
    this.#requests = requests;
    this.#upstream = upstream;
    this.understandsRepeatedKeys = () => runs.understandsRepeatedKeys();
  }

  async page(parameters: ListParameters<AgentFilter>): Promise<UncheckedPage<Agent>> {
    const path = pathOf(AGENT_LIST, parameters);
    const json = await this.#requests.list(path, { mayFailAlone: true }).catch((error: unknown) => {
      throw namingBrokenAgent(error);
    });
    const rows = decoded(() => decodeAgents(json));
    ITEMS.agent.reportDrift?.(json.slice(0, 1).map(Object), json[0], this.#upstream.report);
    return { rows, orders: [] };
  }

  async exists(id: string): Promise<boolean> {
    return (await this.#requests.retrieve('agent', id)) !== null;
  }
}

function namingBrokenAgent(error: unknown): unknown {
  if (!(error instanceof UpstreamError) || error.status !== 500) return error;
  const message =
    'The runs API failed for this page of agents (500), as it does if one of them lacks the configuration of its model. Leave that one out by name, search or tags, or page as far as it from either end, by first and by last.';
  return error.with({ refusal: { argument: 'search', message } });
}
