import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LIST } from '../../../embedded-api/routes/runs.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { expectedIds, type ListRequest, listParameters, runsToList } from '../list-model.ts';
import { runningApi } from '../running-api.ts';

const RUNS = runsToList(90);
const PARAMETERS = listParameters(RUNS);

test('the model of the list covers every query parameter', () => {
  const forgotten = Object.keys(LIST).filter((name) => !(name in PARAMETERS));
  expect(forgotten).toEqual([]);
});

test.each(['reversed', 'documented'] as const)(
  'every list of the %s dialect has the runs that the model expects',
  async (dialect) => {
    await using api = await runningApi(RUNS, { dialect });
    await fc.assert(
      fc.asyncProperty(fc.record(PARAMETERS, { requiredKeys: [] }), async (request) => {
        expect(await api.ids(toQuery(request))).toEqual(expectedIds(RUNS, request, dialect));
      }),
      { numRuns: propertyRuns(200) },
    );
  },
);

function toQuery(request: ListRequest): string {
  const pairs = Object.entries(request).flatMap(([name, value]) =>
    [value].flat().map((item) => [name, String(item)] as [string, string]),
  );
  return new URLSearchParams(pairs).toString();
}
