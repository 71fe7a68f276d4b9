import { describe, expect, it } from 'vitest';
import { PROJECTS } from '../../../embedded-api/store/actors.ts';
import { openGateway, type OpenGatewayOptions } from '../../support/open-gateway.ts';
import { randomRuns } from '../../support/random-runs.ts';
import { sortRuns } from '../../support/run-list.ts';
import { CLOUD } from '../../support/upstream-variants.ts';

const RUNS = sortRuns(randomRuns(300, 5), 'desc');
const IDS = RUNS.map(({ id }) => id);
const [FIRST, SECOND] = [PROJECTS[0]!, PROJECTS[1]!];
/** Of the second project. */
const OTHER_RUNS = sortRuns(randomRuns(40, 6), 'desc').map((run) => ({
  ...run,
  organization_id: SECOND.user.organizationId,
}));
const OTHER_IDS = OTHER_RUNS.map(({ id }) => id);

const open = (options: OpenGatewayOptions = {}) =>
  openGateway({ runs: [...RUNS, ...OTHER_RUNS], ...CLOUD[0], ...options });

interface Page {
  readonly runs: {
    readonly nodes: readonly { readonly id: string; readonly usage?: object | null }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  } | null;
}

const PAGE = `query ($first: Int, $after: String) {
  runs(first: $first, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
}`;

describe('X-Project and X-Project-Id', () => {
  it.each<[headers: Readonly<Record<string, string>>, answer: unknown]>([
    [{}, IDS],
    [{ 'x-project': FIRST.name }, IDS],
    [{ 'x-project': SECOND.name }, OTHER_IDS],
    [{ 'x-project-id': SECOND.id, 'x-project': SECOND.name }, OTHER_IDS],
    [{ 'x-project-id': FIRST.id, 'x-project': SECOND.name }, 'UPSTREAM_REJECTED'],
  ])('select the project whose runs are shown, or are refused: %j', async (headers, expected) => {
    await using cloud = await open();
    const { data, errors } = await cloud.execute<Page>(PAGE, { first: 1000 }, headers);
    expect(data?.runs?.nodes.map(({ id }) => id) ?? errors?.[0]?.extensions?.['code']).toEqual(expected);
  });

  it('are named as what may be the reason for a refusal, where they were sent', async () => {
    await using cloud = await open({ config: { apiKey: undefined } });
    const messageFor = async (headers: Readonly<Record<string, string>>) =>
      (await cloud.execute(PAGE, { first: 1 }, headers)).errors?.[0]?.message;
    const why = 'It was sent with a project (X-Project or X-Project-Id), which may be the reason.';
    expect(await messageFor({ authorization: 'Bearer key', 'x-project': 'unknown' })).toBe(
      `The runs API rejected the request. ${why}`,
    );
    expect(await messageFor({ 'x-project-id': 'unknown' })).toContain(why);
    expect(await messageFor({})).not.toContain('project');
  });
});
