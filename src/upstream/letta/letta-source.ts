import { UpstreamError } from '../../errors/upstream-error.ts';
import type { FilterOf } from '../../lists/filters.ts';
import type { ItemList, ListParts } from '../../lists/items/item-list.ts';
import { type ListRequest, addressOf, type ServedList, type UncheckedPage } from '../../lists/list.ts';
import type { Order } from '../../lists/position.ts';
import type { CursorParameter } from '../../lists/ranges/dialect.ts';
import type { SeekPosition } from '../../lists/windows/window.ts';
import type { RunStep } from '../../runs/detail-fields.ts';
import type { RunMessage } from '../../runs/messages.ts';
import type { RunFilter } from '../../runs/run-filters.ts';
import { RUN_LIST } from '../../runs/run-list.ts';
import type { Run } from '../../runs/run.ts';
import type * as runs from '../../runs/runs-source.ts';
import { MAX_ADDRESS_BYTES, type PostOutcome } from '../http/rest-client.ts';
import { type Caller, CallerRequests } from './caller-requests.ts';
import { createConversationMessages } from './conversation-messages.ts';
import { decodeSteps } from './decode/decode-items.ts';
import { decodeMessagePage, decodeMessages } from './decode/decode-messages.ts';
import { decodeFirstEvent, decodeSentAnswer } from './decode/decode-sent-answer.ts';
import { reportStepDrift } from './decode/drift.ts';
import { parseBody } from './decode/parse-body.ts';
import { ANSWER_PATHS, at, CANCEL_PATH, ITEMS, MESSAGE_LISTS, pathWith, RUN_ITEMS } from './endpoints.ts';
import { namingRefused } from './refused-argument.ts';
import { createRunMessages } from './run-messages.ts';
import { createRunSteps } from './run-steps.ts';
import { seekRun } from './seek-run.ts';
import type { SharedUpstream } from './shared-upstream.ts';

/** Letta's runs, and what belongs to them, as one caller sees them in one operation or poll. */
export class LettaSource implements runs.RunsSource {
  readonly list = RUN_LIST;
  readonly state: runs.RunsSource['state'];
  readonly answeredRequests: runs.RunsSource['answeredRequests'];
  readonly #shared: SharedUpstream;
  readonly #requests: CallerRequests;

  constructor(shared: SharedUpstream, caller: Caller) {
    this.state = shared.stateOf(RUN_LIST);
    this.answeredRequests = shared.answeredRequests;
    this.#shared = shared;
    this.#requests = new CallerRequests(shared, caller);
  }

  async requestPage(
    request: ListRequest<RunFilter>,
    parameter: CursorParameter,
  ): Promise<UncheckedPage<Run>> {
    const path = addressOf(RUN_LIST, request, parameter, MAX_ADDRESS_BYTES);
    return this.#requests.listRuns({ path }).catch((error: unknown) => {
      throw namingRefused(error, RUN_LIST.filters, request.filter);
    });
  }

  readAnew(): void {
    this.#requests.readAnew();
  }

  exists(id: string): Promise<boolean> {
    return this.#exists('run', id);
  }

  served<Name extends keyof runs.ItemsWithId, Filters extends runs.FiltersOf<Name>>(
    list: runs.ListOf<Name, Filters>,
  ): ServedList<runs.ItemsWithId[Name], FilterOf<Filters>> {
    const endpoint: (typeof ITEMS)[Name] = ITEMS[list.noun];
    const { decode, reportDrift, listFailure } = endpoint;
    return {
      list,
      state: this.#shared.stateOf(list),
      exists: (id) => this.#exists(list.noun, id),
      requestPage: async (request, parameter) => {
        const path = addressOf(list, request, parameter, MAX_ADDRESS_BYTES);
        const json = await this.#requests.list({ ...endpoint, path }).catch((error: unknown) => {
          const isOfRow = error instanceof UpstreamError && error.status === 500;
          if (isOfRow && listFailure !== undefined) throw error.with({ refusal: listFailure });
          throw namingRefused(error, list.filters, request.filter);
        });
        const rows = json.map((row, index) => Object.assign(decode(row, index), list.assigned));
        reportDrift?.(json.slice(0, 1), this.#shared.report);
        return { rows, orders: [] };
      },
    };
  }

  async retrieve<Name extends keyof runs.Items>(name: Name, id: string): Promise<runs.Items[Name] | null> {
    return this.#requests.retrieve(name, id);
  }

  listSteps(id: string): ItemList<RunStep> {
    const parts = this.#listParts((query) => this.#requests.list(at(RUN_ITEMS.steps, id, query)));
    const decode = (rows: readonly unknown[], from: number): readonly RunStep[] => {
      const steps = decodeSteps(rows, from);
      reportStepDrift(rows, this.#shared.report);
      return steps;
    };
    return createRunSteps(parts, this.#shared.sizes.steps, decode);
  }

  listMessages(runId: string, isFiltered: () => Promise<boolean>): ItemList<RunMessage> {
    return createRunMessages(isFiltered, ...this.#messagesOf({ runId }));
  }

  listConversationMessages(conversation: runs.Conversation, order: Order): ItemList<RunMessage> {
    return createConversationMessages(order, ...this.#messagesOf(conversation));
  }

  async readMessages(
    place: runs.MessagesPlace,
    { order, limit, ...cursor }: runs.MessagePage,
  ): Promise<readonly RunMessage[]> {
    const cursors = Object.entries(cursor).map(([name, value]) => `&${name}=${encodeURIComponent(value)}`);
    return decodeMessages(
      await this.#requestMessages(place, `order=${order}&limit=${limit}${cursors.join('')}`),
    );
  }

  async cancel(agentId: string, runIds: readonly string[]): Promise<PostOutcome> {
    // Without ids, the API would cancel all active runs of the agent.
    if (runIds.length === 0) throw new Error('Expected the ids of the runs to cancel');
    return this.#requests.post(pathWith(CANCEL_PATH, agentId), { run_ids: runIds }, parseBody);
  }

  /**
   * Answers a request for an approval, at most once. In the default conversation, the API answers at once. In any other
   * one it must stream, since otherwise Letta leaves a run that never ends. Only the first event of the stream is read;
   * the turn goes on without its client.
   */
  async answer({ agentId, conversationId, answers }: runs.AnswerRequest): Promise<runs.SentAnswer> {
    const approvals = answers.map(({ toolCallId, approve, reason = null }) => ({
      type: 'approval',
      tool_call_id: toolCallId,
      approve,
      reason,
    }));
    const body = { messages: [{ type: 'approval', approvals }] };
    const { value: runId = null, ...outcome } = await (conversationId === null
      ? this.#requests.post(pathWith(ANSWER_PATHS.agent, agentId), body, decodeSentAnswer)
      : this.#requests.post(
          pathWith(ANSWER_PATHS.conversation, conversationId),
          body,
          decodeFirstEvent,
          '\n\n',
        ));
    return { ...outcome, runId };
  }

  seek: SeekPosition = (query) => seekRun(query, this.#requests);

  listsDurations(): Promise<boolean> {
    return this.#shared.listsDurations();
  }

  async #exists(name: keyof runs.ItemsWithId, id: string): Promise<boolean> {
    return (await this.retrieve(name, id)) !== null;
  }

  /** Returns how the messages of a run or a conversation are requested and decoded. */
  #messagesOf(place: runs.MessagesPlace) {
    const parts = this.#listParts((query) => this.#requestMessages(place, query));
    const decode = (rows: readonly unknown[]) => decodeMessagePage(rows, this.#shared.report);
    return [parts, this.#shared.sizes.messages, decode] as const;
  }

  /** Returns a page of messages as they were sent, in the order of the query. */
  async #requestMessages(place: runs.MessagesPlace, query: string): Promise<readonly unknown[]> {
    const { list, id } = messageListOf(place);
    const { isAscending = false, query: fixed = '' } = list;
    const rows = await this.#requests.list(at(list, id, fixed + query));
    return isAscending && query.startsWith('order=desc') ? rows.toReversed() : rows;
  }

  #listParts(page: ListParts['page']): ListParts {
    return { page, failedCheck: () => this.#shared.telemetry.failedCheck?.('position') };
  }
}

function messageListOf(place: runs.MessagesPlace) {
  if ('runId' in place) return { list: MESSAGE_LISTS.run, id: place.runId };
  const { agentId, conversationId } = place;
  return conversationId === null
    ? { list: MESSAGE_LISTS.agent, id: agentId }
    : { list: MESSAGE_LISTS.conversation, id: conversationId };
}
