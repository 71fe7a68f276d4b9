import { UpstreamError } from '../errors/upstream-error.ts';
import type { ItemList } from '../lists/items/item-list.ts';
import type { Rows } from '../lists/list.ts';
import type { RowsById } from '../lists/pages/load-page.ts';
import type { Order } from '../lists/position.ts';
import {
  type AgentConversation,
  agentOfDefault,
  defaultConversationOf,
} from '../runs/conversation-fields.ts';
import type { RunStep } from '../runs/detail-fields.ts';
import { getOrCompute } from '../runs/memoize.ts';
import type { RunMessage } from '../runs/messages.ts';
import type { ItemsWithId, RunPartName, RunParts, RunsSource } from '../runs/runs-source.ts';

/** The look-ups of the fields of one operation, each made at most once. They reject with {@link UpstreamError}. */
export class LookUps {
  readonly #source: RunsSource;
  /** The results by the names of their look-ups, and by ids. */
  readonly #found = new Map<string, unknown>();

  constructor(source: RunsSource) {
    this.#source = source;
  }

  /** Returns what was looked up by a key, or looks it up. */
  once<Found>(key: string, lookUp: () => Found): Found {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each key has look-ups of one type.
    return getOrCompute(this.#found, key, lookUp) as Found;
  }

  /** Looks up objects of one type. */
  byId<Name extends keyof ItemsWithId>(name: Name): RowsById<ItemsWithId[Name]> {
    return this.once(name, () => createById((id) => this.#source.retrieve(name, id)));
  }

  /**
   * Returns an agent, or what it waits for. Without the agent it rejects, by one error, which is logged once: null would
   * say that the agent has no such value, and not that the agent is gone.
   */
  ofAgent<Name extends 'agent' | 'agentApprovals'>(name: Name, id: string): Promise<ItemsWithId[Name]> {
    return this.once(`${name} ${id}`, async () => {
      const found = await this.byId(name).load(id);
      if (found !== null) return found;
      throw new UpstreamError('UPSTREAM_REJECTED', `There is no agent ${id}`, { status: 404 });
    });
  }

  /** Returns a conversation, or the default one of an agent; null if there is none with this id. */
  async conversation(id: string): Promise<AgentConversation | null> {
    const agentId = agentOfDefault(id);
    if (agentId === null) return this.byId('conversation').load(id);
    return (await this.byId('agent').load(agentId)) && defaultConversationOf(agentId);
  }

  /** Returns the messages of a conversation, from its start or from its end. */
  messagesOf(conversation: AgentConversation, order: Order): ItemList<RunMessage> {
    const open = () => this.#source.listConversationMessages(conversation, order);
    return this.once(`${order} ${conversation.id}`, open);
  }

  /** Returns the measurements of a run or a step, null if there are none. */
  measured<Name extends keyof RunParts>(name: Name, id: string): Promise<RunParts[Name] | null> {
    return this.once(`${name} ${id}`, () => this.#source.retrieve(name, id));
  }

  /** Returns the steps of a run, which are requested as they are read, as all lists are. */
  steps(runId: string): ItemList<RunStep> {
    return this.once(`steps ${runId}`, () => this.#source.listSteps(runId));
  }

  messages(runId: string): ItemList<RunMessage> {
    const isFiltered = async () => {
      const run = await this.byId('run').load(runId);
      // The types of a deleted run are unknown.
      return run === null || (run.requestConfig?.includeReturnMessageTypes ?? []).length > 0;
    };
    return this.once(`messages ${runId}`, () => this.#source.listMessages(runId, isFiltered));
  }

  /** Sends the first request of a part of a run without waiting. A failure is reported where the part is loaded. */
  start(name: RunPartName, id: string): void {
    const begin = async (): Promise<unknown> => {
      if (name !== 'steps' && name !== 'messages') return this.measured(name, id);
      // The run itself is requested first: without it, requests for its lists would be wasted.
      await Promise.resolve();
      return this[name](id).read(({ length }) => length > 0);
    };
    begin().catch(() => undefined);
  }
}

/** @param retrieve returns null if there is no object with this id */
function createById<Thing extends { readonly id: string }>(
  retrieve: (id: string) => Promise<Thing | null>,
): RowsById<Thing> {
  const found = new Map<string, Promise<Thing | null>>();
  // Reading the ids of copied rows parses the rows, so the ids are read at the first look-up.
  const remembered: Rows<Thing>[] = [];
  return {
    async load(id) {
      for (const things of remembered.splice(0)) {
        for (const thing of things) void getOrCompute(found, thing.id, () => Promise.resolve(thing));
      }
      return getOrCompute(found, id, retrieve);
    },
    remember: (things) => void remembered.push(things),
  };
}
