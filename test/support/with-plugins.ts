import type { GatewayOptions } from '../../src/gateway-options.ts';
import { graphqlRequest, type Headers } from './execute.ts';
import { mixedRunId } from './ids.ts';
import { runAt } from './live-runs.ts';
import { openGateway } from './open-gateway.ts';
import { recordedLog } from './recorded-log.ts';

/** Digits that a double can't hold. */
export const LONG = '123456789012345678901';

/** A page of the newest run, its answer, and what is told of the oldest one. */
export const PAGE = '{ runs(first: 1) { nodes { id metadata } } }';
export const ANSWER = `{"data":{"runs":{"nodes":[{"id":"${mixedRunId(3)}","metadata":{"n":${LONG}}}]}}}`;
export const UPDATES = `subscription { runUpdates(id: "${mixedRunId(1)}") { status } }`;
export const EVENTS = { accept: 'text/event-stream' };

/** Three runs that have ended, newest last. */
export const RUNS = [1, 2, 3].map((number) => ({
  ...runAt(number, number),
  metadata: { n: JSON.rawJSON(LONG) },
})) as never;

/** A gateway with plugins over three runs that have ended, newest last. */
export async function openWithPlugins(plugins: readonly object[], config: GatewayOptions = {}) {
  const { log, lines } = recordedLog();
  const test = await openGateway({ runs: RUNS, config: { log, plugins, ...config } });
  return {
    ...test,
    /** What went wrong, by the log. */
    failures: () => lines.filter(({ level }) => level === 'error').map(({ fields }) => String(fields['err'])),
    /** @returns also how many upstream requests it took */
    async send(query: string, headers?: Headers) {
      const before = test.upstream.requests.length;
      const response = await test.gateway.fetch(graphqlRequest({ query }, headers));
      const text = await response.text();
      const { status, headers: answered } = response;
      return { status, headers: answered, text, asked: test.upstream.requests.length - before };
    },
  };
}
