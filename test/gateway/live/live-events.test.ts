import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Gateway } from '../../../src/gateway-options.ts';
import { type Clock, stopClock } from '../../support/clock.ts';
import { execute } from '../../support/execute.ts';
import { agentId } from '../../support/ids.ts';
import { createRunWriter } from '../../support/live-runs.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { CLOUD, keyFor, SELF_HOSTED } from '../../support/upstream-variants.ts';
import { type RunEvent, type Watching, watchRuns } from '../../support/watch.ts';

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

interface Listed {
  readonly id: string;
  readonly status: string;
}

/** A page of the list, newest first. */
async function pageOf(gateway: Gateway, clock: Clock, selection: string, after: string | null, more = '') {
  const args = `first: 1000, after: ${JSON.stringify(after)}, ${selection}`;
  const query = `{ runs(${args}) { nodes { id status stopReason metadata totalDurationNs } ${more} } }`;
  interface Data {
    readonly runs: { readonly nodes: readonly Listed[]; readonly eventsCursor?: string };
  }
  const { data, errors } = await clock.until(execute<Data>(gateway, query));
  if (data === undefined || errors !== undefined) throw new Error(JSON.stringify(errors));
  return data.runs;
}

const byId = (nodes: readonly Listed[]) => new Map<string, object>(nodes.map(({ id, ...run }) => [id, run]));

/** The list as `runs` answers it, newest first, of which other tests prove that it is right. */
async function listed(gateway: Gateway, clock: Clock, selection: string): Promise<Map<string, object>> {
  const nodes: Listed[] = [];
  for (let isWhole = false; !isWhole;) {
    const page = await pageOf(gateway, clock, selection, nodes.at(-1)?.id ?? null);
    nodes.push(...page.nodes);
    isWhole = page.nodes.length < 1000;
  }
  return byId(nodes);
}

const isActive = (run: object): boolean =>
  'status' in run && ['CREATED', 'RUNNING'].includes(String(run.status));

/** Folds events into a list, and insists that each of them is news, and of the right kind. */
function fold(list: ReadonlyMap<string, object>, events: readonly RunEvent[]): Map<string, unknown> {
  const folded = new Map<string, unknown>(list);
  for (const { kind, runId, run } of events) {
    expect(folded.has(runId), `${runId} was ${kind}`).toBe(kind !== 'ADDED');
    expect(run, `${runId} was ${kind} again`).not.toEqual(folded.get(runId));
    if (kind === 'REMOVED') folded.delete(runId);
    else folded.set(runId, run);
  }
  return folded;
}

/** Runs that hang: as few as a cursor names, more, and more than are watched. The newest of them may change. */
const CASES = [...SELF_HOSTED, ...CLOUD].flatMap((variant) =>
  (variant === SELF_HOSTED[0] ? [50, 350, 1100] : [50, 350]).map((hanging) => ({
    ...variant,
    hanging,
    changing: 'newest' as const,
    from: '2025-12-31T00:00:00Z',
  })),
);
/** 300 active runs are newer than those that may change. As none is an hour old, each end is an event before its duration. */
const CHANGING_BEYOND = {
  ...SELF_HOSTED[0],
  hanging: 350,
  changing: 'oldest' as const,
  from: '2025-12-31T23:58:00Z',
};

it.each([...CASES, CHANGING_BEYOND])(
  'runEvents tells of every change once and rightly, wherever a client comes back: over $variant, beside $hanging runs that hang, of which the $changing change',
  async ({ hanging, changing, from, ...variant }) => {
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
        // A poll of more runs takes more requests; too many changes at once would push those that hang out of the cursor.
        const chance = Math.min(0.2, 20 / hanging);
        test.upstream.script = async (_request, next) => {
          writer.writeDurations();
          // Somebody writes before the answer is made, and before it is there.
          if (traffic.writes && draw() < chance) writer.write();
          const answer = await next();
          if (traffic.writes && draw() < chance) writer.write();
          if (draw() >= traffic.fails) return answer;
          return Object.assign(new Error('reset'), { code: 'ECONNRESET' });
        };
        writer.createOld(hanging, changing, from);
        for (let run = 0; run < 20; run++) writer.write();
        await clock.pass(20_000);
        let base = new Map<string, object>();
        /** Runs that come at the beginning, unless they have ended before they are received. */
        let older = new Set<string>();
        let events: RunEvent[] = [];
        const connect = async (after?: string): Promise<Watching> => {
          // The first poll, which is where a client begins, comes before anybody writes.
          traffic.writes = false;
          const watching = watchRuns(replicas[draw() < 0.5 ? 0 : 1] ?? test.gateway, selection, { after });
          await clock.pass(400);
          traffic.writes = true;
          return watching;
        };
        /** Begins with a page that is read while others write, with the list as it is, or behind one of its runs. */
        const begin = async (whileOthersWrite = true): Promise<Watching> => {
          older = new Set();
          if (whileOthersWrite && hanging < 1000 && draw() < 0.4) {
            // No run that ended before has a duration to come: a page knows only of those that it shows.
            traffic.writes = false;
            await clock.pass(6_000);
            traffic.writes = true;
            const page = await pageOf(
              replicas[draw() < 0.5 ? 0 : 1] ?? test.gateway,
              clock,
              selection,
              null,
              'eventsCursor',
            );
            base = byId(page.nodes);
            for (let change = Math.floor(draw() * 4); change > 0; change--) writer.write();
            await clock.pass(draw() * 10_000);
            return connect(page.eventsCursor);
          }
          traffic.writes = false;
          await clock.pass(20_000);
          base = await listed(test.gateway, clock, selection);
          // Of older runs only the newest thousand would come.
          if (hanging > 1000 || draw() < 0.5) return connect();
          const ids = [...base.keys()];
          const first = Math.floor(draw() * Math.min(200, ids.length));
          const behind = [...base].slice(first);
          older = new Set(behind.flatMap(([id, run]) => (isActive(run) ? id : [])));
          base = new Map(behind.filter(([id]) => !older.has(id)));
          return connect(ids[first]);
        };
        /** Whether a run has changed meanwhile for which the cursor had no room. */
        const isTooOld = (error: Watching['error']): boolean =>
          changing === 'oldest' && error?.['code'] === 'CURSOR_TOO_OLD';
        const restart = (whileOthersWrite?: boolean): Promise<Watching> => {
          events = [];
          return begin(whileOthersWrite);
        };
        let client = await begin();
        for (let round = 0; round < 25; round++) {
          for (let change = Math.floor(draw() * 4); change > 0; change--) writer.write();
          traffic.fails = draw() < 0.1 ? 0.2 : 0;
          // A slow client lets several polls pass by.
          client.isReading = draw() < 0.7;
          await clock.pass(draw() * 6000);
          const { error } = client;
          if (error === undefined && draw() < 0.7) continue;
          await client.close();
          traffic.fails = 0;
          if (isTooOld(error)) {
            client = await restart();
            continue;
          }
          expect(error?.['retryable'] ?? true, String(error?.['code'])).toBe(true);
          // It goes on after any event that it has received, and forgets the later ones.
          const received = [...events, ...client.events];
          const back = draw() < 0.7 ? 0 : Math.floor(draw() * Math.min(10, received.length));
          events = received.slice(0, received.length - back);
          for (let change = Math.floor(draw() * 4); change > 0; change--) writer.write();
          const last = events.at(-1);
          client = await (last ? connect(last.cursor) : begin());
        }
        client.isReading = true;
        traffic.writes = false;
        traffic.fails = 0;
        await clock.pass(60_000);
        if (isTooOld(client.error)) client = await restart(false);
        traffic.writes = false;
        await clock.pass(60_000);
        expect(client.error).toBeUndefined();
        const folded = fold(base, [...events, ...client.events]);
        const list = [...(await listed(test.gateway, clock, selection))];
        const expected = list.filter(([id, run]) => folded.has(id) || isActive(run) || !older.has(id));
        expect(folded).toEqual(new Map(expected));
        await client.close();
      }),
      { numRuns: propertyRuns(1) },
    );
  },
);
