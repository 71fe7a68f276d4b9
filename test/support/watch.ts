import type { Gateway } from '../../src/gateway-options.ts';
import { graphqlRequest, type Headers } from './execute.ts';

/** One result of a subscription. */
interface StreamResult {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

/** An event of a list of runs. */
export interface RunEvent {
  readonly kind: 'ADDED' | 'UPDATED' | 'REMOVED';
  readonly runId: string;
  readonly run: Readonly<Record<string, unknown>> | null;
  readonly cursor: string;
}

/** A client of a subscription, in process: it reads what comes, unless it is held. */
export type Watching = ReturnType<typeof watch>;

export interface WatchOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly headers?: Headers;
}

/** What is asked of each event. */
const EVENT = 'kind runId run { status stopReason metadata totalDurationNs } cursor';

/** Watches a list of runs. @param args such as `agentId: "agent-1"` */
export function watchRuns(
  gateway: Gateway,
  args = '',
  { after, headers = {} }: { readonly after?: string | undefined; readonly headers?: Headers } = {},
): Watching {
  const list = [...(args === '' ? [] : [args]), ...(after === undefined ? [] : ['after: $after'])].join(', ');
  const named = list === '' ? '' : `(${list})`;
  const variables = after === undefined ? '' : '($after: String)';
  return watch(gateway, `subscription ${variables} { runEvents${named} { ${EVENT} } }`, {
    variables: { after },
    headers,
  });
}

/** Sends a subscription through the gateway's front door, for server-sent events. */
export function watch(gateway: Gateway, query: string, { variables, headers = {} }: WatchOptions = {}) {
  const leave = new AbortController();
  const client = {
    /** What `runEvents` has sent so far. */
    events: [] as RunEvent[],
    /** What any other field of `data` has sent so far. */
    values: [] as unknown[],
    /** The error that the stream ended with, as its extensions. */
    error: undefined as Readonly<Record<string, unknown>> | undefined,
    isOver: false,
    /** Whether it takes what comes. */
    isReading: true,
    /** Leaves; nothing that comes later is taken. */
    close: async () => leave.abort(),
  };
  const take = ({ data, errors }: StreamResult): void => {
    if (errors !== undefined) client.error = errors[0]?.extensions;
    if (data?.['runEvents'] != null) client.events.push(data['runEvents'] as RunEvent);
    else if (data != null) client.values.push(...Object.values(data));
  };
  const read = async (): Promise<void> => {
    const { signal } = leave;
    const request = graphqlRequest(
      { query, variables },
      { accept: 'text/event-stream', ...headers },
      { signal },
    );
    const { body, headers: sent } = await gateway.fetch(request);
    if (body === null) throw new Error('There is no body');
    const isStream = sent.get('content-type')?.startsWith('text/event-stream') === true;
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    leave.signal.addEventListener('abort', () => void reader.cancel().catch(() => undefined), { once: true });
    for (let pending = ''; ;) {
      while (!client.isReading && !leave.signal.aborted)
        await new Promise((resolve) => setTimeout(resolve, 100));
      const { done, value = '' } = await reader.read();
      if (leave.signal.aborted) return;
      pending += value;
      if (done && !isStream) take(JSON.parse(pending) as StreamResult);
      const blocks = pending.split('\n\n');
      if (isStream) pending = blocks.pop() ?? '';
      for (const block of isStream ? blocks : []) {
        const data = /^event: next\ndata: (.*)$/s.exec(block)?.[1];
        if (data !== undefined) take(JSON.parse(data) as StreamResult);
      }
      if (done) return;
    }
  };
  read().then(
    () => void (client.isOver = true),
    (error: unknown) => {
      client.isOver = true;
      if (!leave.signal.aborted) client.error = { code: String(error) };
    },
  );
  return client;
}
