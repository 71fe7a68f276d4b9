import type { UpstreamError } from '../errors/upstream-error.ts';
import type { FilterOf } from '../lists/filters.ts';
import type { ItemList } from '../lists/items/item-list.ts';
import type { ListDefinition, ServedList } from '../lists/list.ts';
import type { Order } from '../lists/position.ts';
import type { SeekPosition } from '../lists/windows/window.ts';
import type { Agent } from './agent-fields.ts';
import type { AgentApprovals } from './approvals.ts';
import type { RowFilters } from './argument-types.ts';
import type { AgentConversation } from './conversation-fields.ts';
import type { PART_FIELDS, RunStep } from './detail-fields.ts';
import type { ValuesOf } from './field.ts';
import type { ListKind } from './limits.ts';
import type { RunMessage } from './messages.ts';
import type { RunFilter } from './run-filters.ts';
import type { Run } from './run.ts';

/** The measurements of a run, or of a step. */
export type RunParts = {
  readonly [Name in keyof typeof PART_FIELDS]: ValuesOf<(typeof PART_FIELDS)[Name]['fields']>;
};

/** The parts of a run or a step that take separate requests. */
export type RunPartName = keyof RunParts | 'steps' | 'messages';

/** The objects that are looked up by their ids. */
export interface ItemsWithId {
  readonly run: Run;
  readonly step: RunStep;
  readonly agent: Agent;
  readonly conversation: AgentConversation;
  readonly agentApprovals: AgentApprovals;
}

/** All that is looked up: measurements by the id of their run or step. */
export interface Items extends RunParts, ItemsWithId {}

export type FiltersOf<Name extends keyof ItemsWithId> = RowFilters<ItemsWithId[Name]>;

/** The definition of a list of items, such as `AGENT_LIST`. */
export type ListOf<
  Name extends keyof ItemsWithId,
  Filters extends FiltersOf<Name> = FiltersOf<Name>,
> = ListDefinition<ItemsWithId[Name], Filters> & { readonly name: ListKind; readonly noun: Name };

/** Where messages are read: in a run, or in a conversation of an agent; null is its default conversation. */
export type MessagesPlace = { readonly runId: string } | Conversation;

export interface Conversation {
  readonly agentId: string;
  readonly conversationId: string | null;
}

/** Messages that are next to one another; those right after, or right before, a stored message with that id. */
export interface MessagePage {
  readonly order: 'asc' | 'desc';
  /** Stored messages, of which each may be several. */
  readonly limit: number;
  readonly after?: string;
  readonly before?: string;
}

/** A decision on one tool call. */
export interface ApprovalAnswer {
  readonly toolCallId: string;
  readonly approve: boolean;
  readonly reason?: string | null | undefined;
}

export interface AnswerRequest extends Conversation {
  readonly answers: readonly ApprovalAnswer[];
}

/** The outcome of a request that changes runs. Only reading the runs again shows whether they have changed. */
interface ChangeOutcome {
  /** Whether the upstream may have received the request. If not, it certainly changed nothing. */
  readonly wasSent: boolean;
  /** The failure of the request, if it failed. */
  readonly error: UpstreamError | undefined;
}

export interface SentAnswer extends ChangeOutcome {
  /** The run that the answer made; null if the upstream didn't say. */
  readonly runId: string | null;
}

/** The runs, and their agents, that one caller can see. All methods reject with {@link UpstreamError} on failure. */
export interface RunsSource extends ServedList<Run, RunFilter> {
  readonly seek: SeekPosition;
  /** Looks an object up; null if there is none with this id that the caller can see. */
  retrieve<Name extends keyof Items>(name: Name, id: string): Promise<Items[Name] | null>;
  /** Returns the steps of a run; nothing is requested before they are read. */
  listSteps(runId: string): ItemList<RunStep>;
  /** Returns the messages of a run, requested when they are read. @param isFiltered whether some types are left out */
  listMessages(runId: string, isFiltered: () => Promise<boolean>): ItemList<RunMessage>;
  /** Returns another list. Hidden agents and default conversations are in none. */
  served<Name extends keyof ItemsWithId, Filters extends FiltersOf<Name>>(
    list: ListOf<Name, Filters>,
  ): ServedList<ItemsWithId[Name], FilterOf<Filters>>;
  /** Returns the messages of a conversation, from its start or from its end; nothing is requested before they are read. */
  listConversationMessages(conversation: Conversation, order: Order): ItemList<RunMessage>;
  /**
   * Asks the upstream to cancel runs of one agent, at most once, and at least one run. Rejects only if
   * the caller has disconnected before the request was sent.
   */
  cancel(agentId: string, runIds: readonly string[]): Promise<ChangeOutcome>;
  /** Returns some messages, in the order of the page; fewer, or none, only at an end. */
  readMessages(place: MessagesPlace, page: MessagePage): Promise<readonly RunMessage[]>;
  /** Answers the request that a conversation waits with, at most once. Rejects as `cancel` does. */
  answer(request: AnswerRequest): Promise<SentAnswer>;
  /** The ids of the requests that were answered lately, by whichever caller. */
  readonly answeredRequests: Pick<Map<string, true>, 'has' | 'delete'> & {
    set(messageId: string, is: true): unknown;
  };
  /** Keeps later reads from joining requests of the caller that are under way, whose answers may be outdated. */
  readAnew(): void;
  /** Whether lists show the durations of runs; true unless the upstream is known to be too old. */
  listsDurations(): Promise<boolean>;
}
