import { type Answer, execute } from '../support/execute.ts';
import type { TestGateway } from '../support/test-gateway.ts';

/** What a router sends for one entity: its type and key, or whatever it holds for that. */
export type Representation = Readonly<Record<string, unknown>>;

export const agentNamed = (id: string): Representation => ({ __typename: 'Agent', id });
export const runNamed = (id: unknown): Representation => ({ __typename: 'Run', id });

/** What is asked, and the record of what it asks upstream in turn. */
export type Asked = Pick<TestGateway, 'gateway' | 'upstreamRequests'>;

interface Entities<Entity> {
  /** Undefined where the field failed as a whole. */
  readonly entities?: readonly (Entity | null)[] | undefined;
  readonly errors?: Answer<unknown>['errors'];
  readonly requests: number;
}

/** Sends what a router sends, and counts what the gateway asks upstream for it. */
export async function askEntities<Entity>(
  { gateway, upstreamRequests }: Asked,
  representations: readonly Representation[],
  selection: string,
): Promise<Entities<Entity>> {
  const before = upstreamRequests.length;
  const { data, errors } = await execute<{ entities?: readonly (Entity | null)[] }, object>(
    gateway,
    `query ($of: [_Any!]!) { entities: _entities(representations: $of) { ${selection} } }`,
    { of: representations },
  );
  return { entities: data?.entities, errors, requests: upstreamRequests.length - before };
}
