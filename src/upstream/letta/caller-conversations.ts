import { UnsupportedError } from '../../errors/gateway-error.ts';
import { UpstreamError } from '../../errors/upstream-error.ts';
import { VanishedPositionError } from '../../lists/errors.ts';
import { type ListRequest, pathOf, type ServedList } from '../../lists/list.ts';
import type { CursorParameter } from '../../lists/ranges/dialect.ts';
import type { AgentConversation } from '../../runs/conversation-fields.ts';
import {
  CONVERSATION_LISTS,
  type ConversationFilter,
  type ConversationSort,
} from '../../runs/conversation-list.ts';
import type { CallerRequests } from './caller-requests.ts';
import { decoded } from './decode/decode-error.ts';
import { decodeConversations } from './decode/decode-items.ts';
import type { SharedUpstream } from './shared-upstream.ts';

/** The conversations that one caller can see, by one of their orders. */
export class CallerConversations implements ServedList<AgentConversation, ConversationFilter> {
  readonly list: ServedList<AgentConversation, ConversationFilter>['list'];
  readonly state: ServedList<AgentConversation, ConversationFilter>['state'];
  readonly #sort: ConversationSort;
  readonly #requests: CallerRequests;

  constructor(sort: ConversationSort, upstream: SharedUpstream, requests: CallerRequests) {
    this.list = CONVERSATION_LISTS[sort];
    this.#sort = sort;
    this.state = upstream.conversations;
    this.#requests = requests;
  }

  /** @throws UnsupportedError where the API has no such list; VanishedPositionError, UpstreamError */
  async requestPage(request: ListRequest<ConversationFilter>, parameter: CursorParameter) {
    const json = await this.#requests.list(pathOf(this, request, parameter)).catch((error: unknown) => {
      if (!(error instanceof UpstreamError) || error.status !== 404) throw error;
      // Unlike other lists, this one refuses an unknown cursor.
      if (request.after !== null) throw new VanishedPositionError(request.after.id);
      throw new UnsupportedError('The runs API has no list of conversations. It may be too old.');
    });
    return { rows: decoded(() => decodeConversations(json, this.#sort)), orders: [] };
  }

  async exists(id: string): Promise<boolean> {
    return (await this.#requests.retrieve('conversation', id)) !== null;
  }
}
