import { UpstreamError } from '../../errors/upstream-error.ts';
import { type ListRequest, pathOf, type ServedList, type UncheckedPage } from '../../lists/list.ts';
import type { CursorParameter } from '../../lists/ranges/dialect.ts';
import type { Agent } from '../../runs/agent-fields.ts';
import { AGENT_LIST, type AgentFilter } from '../../runs/agent-list.ts';
import type { CallerRequests } from './caller-requests.ts';
import { decoded } from './decode/decode-error.ts';
import { decodeAgents } from './decode/decode-items.ts';
import { ITEMS } from './endpoints.ts';
import type { SharedUpstream } from './shared-upstream.ts';

/** The agents that one caller can see. An agent that the API can't read is a 500, in a look-up and in every page that has it. */
export class CallerAgents implements ServedList<Agent, AgentFilter> {
  readonly list = AGENT_LIST;
  readonly state: ServedList<Agent, AgentFilter>['state'];
  readonly #requests: CallerRequests;
  readonly #upstream: SharedUpstream;

  constructor(upstream: SharedUpstream, requests: CallerRequests) {
    this.state = upstream.agents;
    this.#requests = requests;
    this.#upstream = upstream;
  }

  async requestPage(
    request: ListRequest<AgentFilter>,
    parameter: CursorParameter,
  ): Promise<UncheckedPage<Agent>> {
    const path = pathOf(this, request, parameter);
    const json = await this.#requests.list(path, { mayFailAlone: true }).catch((error: unknown) => {
      throw namingBrokenAgent(error);
    });
    const rows = decoded(() => decodeAgents(json));
    ITEMS.agent.reportDrift?.(json.slice(0, 1), this.#upstream.report);
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
