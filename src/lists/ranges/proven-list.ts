import { type ListDefinition, type ListSource, pathOf, type RangeQuery, type RequestPage } from '../list.ts';
import type { Rows } from '../rows.ts';
import type { DialectMemory } from './dialect.ts';
import type { PageSizes } from './page-sizes.ts';
import { pagedRange } from './paged-range.ts';
import type { ListEndpoint } from './probe-dialect.ts';
import { type ReportFailedCheck, rowsFollowing } from './range-query.ts';
import { followSplitting, type RepeatedKeys } from './split-lists.ts';

/** What is known about a list of one upstream; each part says who can write it. */
export interface ListMemory {
  readonly dialect: DialectMemory;
  readonly sizes: PageSizes;
  readonly repeatedKeys: RepeatedKeys;
  readonly maxPathBytes: number;
  readonly failedCheck: ReportFailedCheck;
}

/** How one caller's requests are sent, and what else it can be asked. */
interface Endpoint<Row, Filter> extends ListEndpoint<Row, Filter> {
  /** Whether the upstream understands repeated keys; undefined where its rows don't decide. */
  readonly understandsRepeatedKeys: () => Promise<boolean | undefined>;
}

/** A list whose pages are proven, in whichever dialect, sizes and parts its upstream gives them. */
export class ProvenList<Row, Filter extends object> implements ListSource<Row, Filter> {
  readonly #list: ListDefinition<Row>;
  readonly #endpoint: Endpoint<Row, Filter>;
  readonly #memory: ListMemory;

  constructor(list: ListDefinition<Row>, endpoint: Endpoint<Row, Filter>, memory: ListMemory) {
    this.#list = list;
    this.#endpoint = endpoint;
    this.#memory = memory;
  }

  rowsFollowing(query: RangeQuery<Filter>): Promise<Rows<Row>> {
    return this.#follow(query, this.#endpoint);
  }

  readAhead(query: RangeQuery<Filter>): ListSource<Row, Filter>['rowsFollowing'] {
    const { page, exists } = this.#endpoint;
    const sent = new Map<string, ReturnType<typeof page>>();
    const send: RequestPage<Row, Filter> = (parameters) => {
      const answer = page(parameters);
      answer.catch(() => undefined);
      sent.set(pathOf(this.#list, parameters), answer);
      // Whatever would follow has to wait until it is known what the page has to prove.
      return Promise.reject(new Error('Sent ahead'));
    };
    /** Answers with what was sent ahead, once for each request, or else sends the request. */
    const take: RequestPage<Row, Filter> = (parameters) => {
      const path = pathOf(this.#list, parameters);
      const answer = sent.get(path);
      sent.delete(path);
      return answer ?? page(parameters);
    };
    this.#follow(query, { page: send, exists }).catch(() => undefined);
    return (known) => this.#follow(known, { page: take, exists });
  }

  /** As `rowsFollowing`, with repeated keys as they are. */
  rowsUnsplit(
    query: RangeQuery<Filter>,
    endpoint: ListEndpoint<Row, Filter> = this.#endpoint,
  ): Promise<Rows<Row>> {
    const { dialect, sizes, failedCheck } = this.#memory;
    const list = this.#list;
    const onePage = (page: RangeQuery<Filter>) => rowsFollowing(page, endpoint, dialect, list, failedCheck);
    return pagedRange(query, onePage, sizes, list);
  }

  #follow(query: RangeQuery<Filter>, endpoint: ListEndpoint<Row, Filter>): Promise<Rows<Row>> {
    const { repeatedKeys: keys, maxPathBytes } = this.#memory;
    const splitting = {
      list: this.#list,
      keys,
      maxPathBytes,
      probe: () => this.#endpoint.understandsRepeatedKeys(),
    };
    return followSplitting(query, (part) => this.rowsUnsplit(part, endpoint), splitting);
  }
}
