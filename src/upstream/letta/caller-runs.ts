import type { FilterOf } from '../../lists/filters.ts';
import type { ItemList, ListParts } from '../../lists/items/item-list.ts';
import type { ServedList, UncheckedPage } from '../../lists/list.ts';
import type { Order, Position } from '../../lists/position.ts';
import type { Seek } from '../../lists/windows/window.ts';
import type { RunStep } from '../../runs/detail-fields.ts';
import type { RunMessage } from '../../runs/messages.ts';
import { RUN_LIST, type RunFilter } from '../../runs/run-list.ts';
import type { Run } from '../../runs/run.ts';
import type {
  SentAnswer,
  AnswerRequest,
  Conversation,
  FiltersOf,
  Items,
  ItemsWithId,
  ListOf,
  MessagePage,
  MessagesPlace,
  RunsSource,
} from '../../runs/runs-source.ts';
import type { PostOutcome } from '../http/rest-client.ts';
import { CallerList } from './caller-list.ts';
import { type Caller, CallerRequests } from './caller-requests.ts';
import { createConversationMessages } from './conversation-messages.ts';
import { parseBody } from './decode/parse-body.ts';
import { CANCEL_PATH, pathWith, RUN_ITEMS } from './endpoints.ts';
import { listMessages, readMessages } from './read-messages.ts';
import { createRunMessages } from './run-messages.ts';
import { createRunSteps } from './run-steps.ts';
import { seekRun } from './seek-run.ts';
import { sendAnswer } from './send-answer.ts';
import type { SharedUpstream } from './shared-upstream.ts';

/** The runs that one caller can see. */
export class CallerRuns extends CallerList<'run', RunFilter> implements RunsSource {
  constructor(shared: SharedUpstream, caller: Caller) {
    super(RUN_LIST, shared, new CallerRequests(shared, caller));
  }

  retrieve<Name extends keyof Items>(name: Name, id: string): Promise<Items[Name] | null> {
    return this.requests.retrieve(name, id);
  }

  listSteps(id: string): ItemList<RunStep> {
    const { sizes, report } = this.shared;
    const path = pathWith(RUN_ITEMS.steps.path, id);
    const parts = this.#listParts((query) => this.requests.list(`${path}?${query}`));
    return createRunSteps(parts, sizes.steps, report);
  }

  listMessages(id: string, isFiltered: () => Promise<boolean>): ItemList<RunMessage> {
    const { sizes, report } = this.shared;
    const parts = this.#listParts((query) => listMessages(this.requests, { runId: id }, query));
    return createRunMessages(isFiltered, parts, sizes.messages, report);
  }

  served<Name extends keyof ItemsWithId, Filters extends FiltersOf<Name>>(
    list: ListOf<Name, Filters>,
  ): ServedList<ItemsWithId[Name], FilterOf<Filters>> {
    return new CallerList(list, this.shared, this.requests);
  }

  listConversationMessages(place: Conversation, order: Order): ItemList<RunMessage> {
    const { sizes, report } = this.shared;
    const parts = this.#listParts((query) => listMessages(this.requests, place, query));
    return createConversationMessages(order, parts, sizes.messages, report);
  }

  async cancel(agentId: string, runIds: readonly string[]): Promise<PostOutcome> {
    // Without ids, the API would cancel all active runs of the agent.
    if (runIds.length === 0) throw new Error('Expected the ids of the runs to cancel');
    return this.requests.post(pathWith(CANCEL_PATH, agentId), { run_ids: runIds }, parseBody);
  }

  readMessages(place: MessagesPlace, page: MessagePage): Promise<readonly RunMessage[]> {
    return readMessages(this.requests, place, page);
  }

  answer(request: AnswerRequest): Promise<SentAnswer> {
    return sendAnswer(this.requests, request);
  }

  get answeredRequests(): RunsSource['answeredRequests'] {
    return this.shared.answeredRequests;
  }

  seek(query: Seek): Promise<Position | null | undefined> {
    return seekRun(query, this.requests);
  }

  listsDurations(): Promise<boolean> {
    return this.shared.listsDurations();
  }

  protected override readRows(path: string): Promise<UncheckedPage<Run>> {
    return this.requests.listRuns(path);
  }

  #listParts(page: ListParts['page']): ListParts {
    return { page, failedCheck: () => this.shared.telemetry.failedCheck?.('position') };
  }
}
