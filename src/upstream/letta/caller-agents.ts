import { UpstreamError } from '../../errors/upstream-error.ts';
import { type ListParameters, pathOf, type UncheckedPage } from '../../lists/list.ts';
import { type ListMemory, ProvenList } from '../../lists/ranges/proven-list.ts';
import { AGENT_LIST, type AgentFilter } from '../../runs/agent-list.ts';
import type { Agent } from '../../runs/agent.ts';
import { IDS } from '../../runs/ids.ts';
import type { ReportDrift } from '../../wire/drift.ts';
import type { CallerRequests } from './caller-requests.ts';
import { nullIf, readAgent, readAgents } from './read-answers.ts';
import { agentPath } from './runs-url.ts';

interface SharedAgents {
  readonly agents: ListMemory;
  readonly report: ReportDrift;
}

/** Agents among which one is sought that has a tag. */
const PROBED_AGENTS = 50;

/** The agents that one caller can see. One that the API can't read makes it fail, alone or with its whole page. */
export class CallerAgents extends ProvenList<Agent, AgentFilter> {
  readonly #requests: CallerRequests;
  readonly #report: ReportDrift;
  readonly #runs: Pick<CallerAgents, 'understandsRepeatedKeys'>;

  /** @param runs tell whether the upstream understands repeated keys */
  constructor(
    { agents, report }: SharedAgents,
    requests: CallerRequests,
    runs: Pick<CallerAgents, 'understandsRepeatedKeys'>,
  ) {
    super(AGENT_LIST, agents);
    this.#requests = requests;
    this.#report = report;
    this.#runs = runs;
  }

  retrieve(id: string): Promise<Agent | null> {
    const read = (json: unknown): Agent | null => readAgent(json, id, this.#report);
    const found = this.#requests.lookUp(agentPath(id), read, { mayFailAlone: true });
    return IDS.agent.currentPattern.test(id) ? found : found.catch(nullIf(422));
  }

  async page(parameters: ListParameters<AgentFilter>): Promise<UncheckedPage<Agent>> {
    const read = (json: unknown): readonly Agent[] => readAgents(json, this.#report);
    const found = this.#requests.lookUp(pathOf(AGENT_LIST, parameters), read, { mayFailAlone: true });
    const rows = await found.catch((error: unknown) => {
      throw namingBrokenAgent(error);
    });
    return { rows, orders: [] };
  }

  async exists(id: string): Promise<boolean> {
    return (await this.retrieve(id)) !== null;
  }

  /** By runs or, where those don't decide, by a tag that an agent has. */
  async understandsRepeatedKeys(): Promise<boolean | undefined> {
    const known = await this.#runs.understandsRepeatedKeys();
    return known ?? this.#probeTags().catch(undefinedIfFailed);
  }

  async #probeTags(): Promise<boolean | undefined> {
    const newest = { filter: {}, order: 'desc', after: null, limit: PROBED_AGENTS } as const;
    const tags = Array.from(await this.rowsUnsplit(newest), (agent) => agent.tags ?? []).flat();
    const tag = tags.find((each) => !each.includes(','));
    if (tag === undefined) return undefined;
    const isFoundBy = async (given: readonly string[]): Promise<boolean> =>
      (await this.rowsUnsplit({ ...newest, filter: { tags: given }, limit: 1 })).length > 0;
    if (await isFoundBy([tag, tag])) return true;
    return (await isFoundBy([tag])) ? false : undefined;
  }
}

/** Agents that can't be read say nothing about the page that needs to know. */
function undefinedIfFailed(error: unknown): undefined {
  if (!(error instanceof UpstreamError)) throw error;
}

function namingBrokenAgent(error: unknown): unknown {
  if (!(error instanceof UpstreamError) || error.status !== 500) return error;
  const message =
    'The runs API failed for this page of agents (500), as it does if one of them lacks the configuration of its model. Leave that one out by name, search or tags, or page as far as it from either end, by first and by last.';
  return error.with({ refusal: { argument: 'search', message } });
}
