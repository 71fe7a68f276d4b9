import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway-options.ts';
import { type Clock, stopClock } from '../support/clock.ts';
import { execute } from '../support/execute.ts';
import { agentId, createRunWriter } from '../support/live-runs.ts';
import { openGateway } from '../support/open-gateway.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { CLOUD, keyFor, SELF_HOSTED } from '../support/upstream-variants.ts';
import { type RunEvent, type Watching, watchRuns } from '../support/watch.ts';

const SELECTIONS = [
  '',
  `agentId: "${agentId(1)}"`,
  `agentIds: ["${agentId(1)}", "${agentId(2)}"], statuses: [RUNNING, FAILED]`,
  'active: true',
  'background: true, stopReason: ERROR',
  'stopReason: REQUIRES_APPROVAL',
  'minDurationNs: 30',
  'statuses: [COMPLETED, RUNNING], maxDurationNs: 60',
  'notStatuses: [CREATED, RUNNING]',
  'active: true, notStopReasons: [ERROR, CANCELLED]',
];

/** The list as `runs` answers it, of which other tests prove that it is right. */
async function listed(gateway: Gateway, clock: Clock, selection: string): Promise<Map<string, unknown>> {
  const args = ['first: 1000', ...(selection === '' ? [] : [selection])].join(', ');
  const query = `{ runs(${args}) { nodes { id status stopReason metadata totalDurationNs } } }`;
  interface Data {
    readonly runs: { readonly nodes: readonly { readonly id: string }[] };
  }
  const { data, errors } = await clock.until(execute<Data>(gateway, query));
  if (data === undefined || errors !== undefined) throw new Error(JSON.stringify(errors));
  return new Map(data.runs.nodes.map(({ id, ...run }) => [id, run]));
}

/** Folds events into a list, and insists that each of them is news, and of the right kind. */
function fold(list: Map<string, unknown>, events: readonly RunEvent[]): Map<string, unknown> {
  const folded = new Map(list);
  for (const { kind, runId, run } of events) {
    expect(folded.has(runId), `${runId} was ${kind}`).toBe(kind !== 'ADDED');
    expect(run, `${runId} was ${kind} again`).not.toEqual(folded.get(runId));
    if (kind === 'REMOVED') folded.delete(runId);
    else folded.set(runId, run);
  }
  return folded;
}

/** Whether more has changed than a cursor has room for, so that a client begins anew. */
const isForgotten = ({ error }: Watching): boolean => error?.['code'] === 'CURSOR_TOO_OLD';

it.each([...SELF_HOSTED, ...CLOUD])(
  'Over $variant: events tell of every change once and rightly, wherever a client comes back',
  async (variant) => {
    let [returns, tooOld] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...SELECTIONS), fc.noShrink(fc.integer()), async (selection, seed) => {
        using clock = stopClock();
        const { variant: _name, ...profile } = variant;
        await using test = await openGateway(profile);
        await using second = await test.another(keyFor(variant));
        const replicas = [test.gateway, second];
        const writer = createRunWriter(test.store, seed);
        const { draw } = writer;
        const traffic = { writes: false, fails: 0 };
        test.upstream.script = async (_request, next) => {
          writer.writeDurations();
          // Somebody writes before the answer is made, and before it is there.
          if (traffic.writes && draw() < 0.2) writer.write();
          const answer = await next();
          if (traffic.writes && draw() < 0.2) writer.write();
          if (draw() >= traffic.fails) return answer;
          return Object.assign(new Error('reset'), { code: 'ECONNRESET' });
        };
        writer.createOld(250);
        for (let run = 0; run < 20; run++) writer.write();
        await clock.pass(20_000);
        let base = await listed(test.gateway, clock, selection);
        let events: RunEvent[] = [];
        const connect = async (after?: string): Promise<Watching> => {
          // The first poll, which is where a client begins, comes before anybody writes.
          traffic.writes = false;
          const watching = watchRuns(replicas[draw() < 0.5 ? 0 : 1] ?? test.gateway, selection, { after });
          await clock.pass(400);
          traffic.writes = true;
          return watching;
        };
        let client = await connect();
        const comeBack = async (after: string | undefined): Promise<void> => {
          if (after === undefined) {
            await clock.pass(20_000);
            base = await listed(test.gateway, clock, selection);
          }
          client = await connect(after);
        };
        for (let round = 0; round < 25; round++) {
          for (let change = Math.floor(draw() * 4); change > 0; change--) writer.write();
          traffic.fails = draw() < 0.1 ? 0.2 : 0;
          // A slow client lets several polls pass by.
          client.isReading = draw() < 0.7;
          await clock.pass(draw() * 6000);
          const { error } = client;
          if (error === undefined && draw() < 0.7) continue;
          await client.close();
          const isTooOld = isForgotten(client);
          returns += 1;
          if (isTooOld) tooOld += 1;
          else expect(error?.['retryable'] ?? true, String(error?.['code'])).toBe(true);
          traffic.fails = 0;
          // It goes on after any event that it has received, and forgets the later ones.
          const received = isTooOld ? [] : [...events, ...client.events];
          const back = draw() < 0.7 ? 0 : Math.floor(draw() * Math.min(10, received.length));
          events = received.slice(0, received.length - back);
          for (let change = Math.floor(draw() * 4); change > 0; change--) writer.write();
          if (events.length === 0) {
            traffic.writes = false;
            await comeBack(undefined);
          } else await comeBack(events.at(-1)?.cursor);
        }
        client.isReading = true;
        traffic.writes = false;
        traffic.fails = 0;
        await clock.pass(60_000);
        if (isForgotten(client)) {
          tooOld += 1;
          return;
        }
        expect(client.error).toBeUndefined();
        expect(fold(base, [...events, ...client.events])).toEqual(
          await listed(test.gateway, clock, selection),
        );
        await client.close();
      }),
      { numRuns: propertyRuns(1) },
    );
    expect(tooOld).toBeLessThan(5 + returns / 10);
  },
);
