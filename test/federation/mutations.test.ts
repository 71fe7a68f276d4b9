import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { runId, running, startCancellingUpstream } from '../support/cancelling-upstream.ts';
import { execute } from '../support/execute.ts';
import { apollo, NEIGHBOURHOODS, theGuild, wunderGraph } from './composers.ts';
import { createCatalog, createNotes, noteText } from './neighbours.ts';
import { ROUTERS } from './routers.ts';

const COMPOSERS = [
  ['@apollo/composition', apollo],
  ['@theguild/federation-composition', theGuild],
  ['@wundergraph/composition', wunderGraph],
] as const;

describe.each(COMPOSERS)('%s', (_name, compose) => {
  it.each(Object.keys(NEIGHBOURHOODS))('composes mutations in %s', (neighbourhood) => {
    const { errors, api } = compose(NEIGHBOURHOODS[neighbourhood] ?? []);
    expect(errors).toEqual([]);
    const { cancelRuns } = api?.getMutationType()?.getFields() ?? {};
    expect(String(cancelRuns?.type)).toBe('CancelRunsPayload');
    expect(cancelRuns?.args.map((arg) => `${arg.name}: ${String(arg.type)}`)).toEqual(['ids: [ID!]!']);
  });

  it('composes the subgraph of a gateway that is READ_ONLY, without mutations', async () => {
    await using gateway = await createGateway({ upstreamUrl: 'http://127.0.0.1:1', readOnly: true });
    const { data } = await execute<{ _service: { sdl: string } }, never>(gateway, '{ _service { sdl } }');
    const { errors, api } = compose([{ name: 'runs', sdl: data?._service.sdl ?? '' }]);
    expect(errors).toEqual([]);
    expect(api?.getMutationType()).toBeUndefined();
    expect(Object.keys(api?.getQueryType()?.getFields() ?? {})).toEqual([
      'runs',
      'runStats',
      'run',
      'agents',
      'agent',
    ]);
  });
});

describe.each(ROUTERS)('Through %s', (_name, start, supergraphSdl) => {
  it('runs are cancelled one mutation after the other, and have what others know of them', async () => {
    await using upstream = await startCancellingUpstream({ 1: running(), 2: running() });
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    await using router = await start(supergraphSdl, {
      runs: gateway.fetch,
      catalog: createCatalog(),
      notes: createNotes({ favoriteAgents: [], pinnedRun: null }),
    });
    const field = (...numbers: readonly number[]) =>
      `cancelRuns(ids: ${JSON.stringify(numbers.map(runId))}) {
        runs { id status notes { text } }
        failures { runId code }
      }`;
    const answer = await router.execute(`mutation { one: ${field(1, 9)} two: ${field(2, 1)} }`);
    const cancelled = (number: number) => ({
      id: runId(number),
      status: 'CANCELLED',
      notes: [{ text: noteText(runId(number)) }],
    });
    expect(answer).toEqual({
      data: {
        one: { runs: [cancelled(1), null], failures: [{ runId: runId(9), code: 'NOT_FOUND' }] },
        two: {
          runs: [cancelled(2), cancelled(1)],
          failures: [{ runId: runId(1), code: 'ALREADY_ENDED' }],
        },
      },
    });
    expect(upstream.requests.filter((request) => request.startsWith('POST'))).toHaveLength(2);
  });
});
