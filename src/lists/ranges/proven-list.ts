import {
  type ListDefinition,
  type ListParameters,
  type ListSource,
  pathOf,
  type RangeQuery,
  type UncheckedPage,
} from '../list.ts';
import type { Rows } from '../rows.ts';
import type { DialectMemory } from './dialect.ts';
import type { PageSizes } from './page-sizes.ts';
import { pagedRange } from './paged-range.ts';
import type { ListEndpoint } from './probe-dialect.ts';
import { type ReportFailedCheck, rowsFollowing } from './range-query.ts';
import { followSplitting, hasRepeatedKeys, type RepeatedKeys, type Splitting } from './split-lists.ts';

/** What is known about a list of one upstream; each part says who can write it. */
export interface ListMemory {
  readonly dialect: DialectMemory;
  readonly sizes: PageSizes;
  readonly repeatedKeys: RepeatedKeys;
  readonly maxPathBytes: number;
  readonly failedCheck: ReportFailedCheck;
}

/** A list whose pages are proven, in whichever dialect, sizes and parts its upstream gives them. */
export abstract class ProvenList<Row, Filter extends object>
  implements ListSource<Row, Filter>, ListEndpoint<Row, Filter>, Splitting<Row>
{
  readonly list: ListDefinition<Row>;
  readonly memory: ListMemory;

  constructor(list: ListDefinition<Row>, memory: ListMemory) {
    this.list = list;
    this.memory = memory;
  }

  abstract page(parameters: ListParameters<Filter>): Promise<UncheckedPage<Row>>;
  abstract exists(id: string): Promise<boolean>;
  abstract understandsRepeatedKeys(): Promise<boolean | undefined>;

  rowsFollowing(query: RangeQuery<Filter>): Promise<Rows<Row>> {
    return this.#follow(query, this);
  }

  readAhead(query: RangeQuery<Filter>): ListSource<Row, Filter>['rowsFollowing'] {
    const sent = new Map<string, Promise<UncheckedPage<Row>>>();
    const exists = (id: string) => this.exists(id);
    const send = (parameters: ListParameters<Filter>): Promise<UncheckedPage<Row>> => {
      const answer = this.page(parameters);
      answer.catch(() => undefined);
      sent.set(pathOf(this.list, parameters), answer);
      // Whatever would follow has to wait until it is known what the page has to prove.
      return Promise.reject(new Error('Sent ahead'));
    };
    /** Answers with what was sent ahead, once for each request, or else sends the request. */
    const take = (parameters: ListParameters<Filter>): Promise<UncheckedPage<Row>> => {
      const path = pathOf(this.list, parameters);
      const answer = sent.get(path);
      sent.delete(path);
      return answer ?? this.page(parameters);
    };
    this.#follow(query, { page: send, exists }).catch(() => undefined);
    return (known) => this.#follow(known, { page: take, exists });
  }

  /** As `rowsFollowing`, with repeated keys as they are. */
  rowsUnsplit(query: RangeQuery<Filter>, endpoint: ListEndpoint<Row, Filter> = this): Promise<Rows<Row>> {
    return pagedRange(query, (page) => rowsFollowing(page, endpoint, this), this);
  }

  #follow(query: RangeQuery<Filter>, endpoint: ListEndpoint<Row, Filter>): Promise<Rows<Row>> {
    if (!hasRepeatedKeys(query.filter)) return this.rowsUnsplit(query, endpoint);
    return followSplitting(query, (part) => this.rowsUnsplit(part, endpoint), this);
  }
}
