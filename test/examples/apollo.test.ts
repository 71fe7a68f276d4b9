import { readFile } from 'node:fs/promises';
import { buildSchema } from 'graphql';
import { expect, it } from 'vitest';
import { FILTERS } from '../../examples/apollo/runs-query.ts';

it('Apollo Client takes lists apart by every argument that is not about the page', async () => {
  const file = new URL('../../schema/schema.graphql', import.meta.url);
  const runs = buildSchema(await readFile(file, 'utf8'))
    .getQueryType()
    ?.getFields()['runs'];
  const page = new Set(['first', 'after', 'last', 'before']);
  expect(FILTERS).toEqual(runs?.args.map(({ name }) => name).filter((name) => !page.has(name)));
});
