import process from 'node:process';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type * as Graphql from 'graphql';

/**
 * Shows what answers outlive collections of the young generation, without the gateway:
 *
 *     node --expose-gc bench/kept-answers.ts DIRECTORY_OF_GRAPHQL…
 *
 * V8 allocates a function literal that is assigned to a property in the old generation, where it keeps what it closes over
 * until a full collection. `Executor` of graphql-js 17.1 assigns such a function for each operation that waits.
 */
const SIZE = 40_000;
const bytes = () => Buffer.allocUnsafeSlow(SIZE);
const kept = () => process.memoryUsage().arrayBuffers / SIZE;

await show('a literal assigned to a property', async () => {
  const owner: { get?: () => unknown } = {};
  const answer = bytes();
  owner.get = () => answer;
});
await show('the same, by a constant', async () => {
  const owner: { get?: () => unknown } = {};
  const answer = bytes();
  const get = () => answer;
  owner.get = get;
});

for (const directory of process.argv.slice(2)) {
  const graphql: typeof Graphql = await import(pathToFileURL(`${directory}/index.mjs`).href);
  const type = new graphql.GraphQLScalarType({ name: 'Bytes' });
  const resolve = async () => setImmediate(bytes());
  const query = new graphql.GraphQLObjectType({ name: 'Query', fields: { answer: { type, resolve } } });
  const schema = new graphql.GraphQLSchema({ query });
  const document = graphql.parse('{ answer }');
  const execute = async () => void (await graphql.execute({ schema, document }));
  await show(`graphql-js ${graphql.version}`, execute);
  const before = process.cpuUsage();
  for (let left = 20_000; left > 0; left--) await execute();
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(`  ${((user + system) / 20_000).toFixed(1)} µs of CPU time for each operation\n`);
}

/** Prints how many of 80 answers are still there after collections of the young generation, after each ten. */
async function show(name: string, answer: () => Promise<void>): Promise<void> {
  if (gc === undefined) throw new Error('Run it with --expose-gc');
  for (let warm = 0; warm < 1000; warm++) await answer();
  // The memory of buffers is freed after a collection, by a thread of its own.
  for (let times = 0; times < 3; times++) {
    gc();
    await setTimeout(10);
  }
  const before = kept();
  const counts: number[] = [];
  for (let tens = 0; tens < 8; tens++) {
    for (let more = 0; more < 10; more++) await answer();
    gc({ type: 'minor' });
    counts.push(Math.round(kept() - before));
  }
  process.stdout.write(`${name}: ${counts.join(' ')}\n`);
}
