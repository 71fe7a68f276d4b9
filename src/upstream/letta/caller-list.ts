import { UpstreamError } from '../../errors/upstream-error.ts';
import { type ListRequest, addressOf, type ServedList, type UncheckedPage } from '../../lists/list.ts';
import type { CursorParameter } from '../../lists/ranges/dialect.ts';
import type { ItemsWithId, ListOf } from '../../runs/runs-source.ts';
import { MAX_ADDRESS_BYTES } from '../http/rest-client.ts';
import type { CallerRequests } from './caller-requests.ts';
import { ITEMS } from './endpoints.ts';
import { namingRefused } from './refused-argument.ts';
import type { SharedUpstream } from './shared-upstream.ts';

/** A list that one caller can see. */
export class CallerList<Name extends keyof ItemsWithId, Filter extends object> implements ServedList<
  ItemsWithId[Name],
  Filter
> {
  readonly list: ListOf<Name>;
  readonly state: ServedList<ItemsWithId[Name], Filter>['state'];
  protected readonly shared: SharedUpstream;
  protected readonly requests: CallerRequests;

  constructor(list: ListOf<Name>, shared: SharedUpstream, requests: CallerRequests) {
    this.list = list;
    this.state = shared.stateOf(list);
    this.shared = shared;
    this.requests = requests;
  }

  async requestPage(
    request: ListRequest<Filter>,
    parameter: CursorParameter,
  ): Promise<UncheckedPage<ItemsWithId[Name]>> {
    try {
      return await this.readRows(addressOf(this.list, request, parameter, MAX_ADDRESS_BYTES));
    } catch (error) {
      throw namingRefused(error, this.list.filters, request.filter);
    }
  }

  async exists(id: string): Promise<boolean> {
    return (await this.requests.retrieve(this.list.noun, id)) !== null;
  }

  protected async readRows(path: string): Promise<UncheckedPage<ItemsWithId[Name]>> {
    const endpoint: (typeof ITEMS)[Name] = ITEMS[this.list.noun];
    const { decode, reportDrift, listFailure } = endpoint;
    const json = await this.requests.list(path, endpoint).catch((error: unknown) => {
      const isOfRow = error instanceof UpstreamError && error.status === 500;
      throw isOfRow && listFailure !== undefined ? error.with({ refusal: listFailure }) : error;
    });
    const rows = json.map((row, index) => Object.assign(decode(row, index), this.list.assigned));
    reportDrift?.(json.slice(0, 1), this.shared.report);
    return { rows, orders: [] };
  }
}
