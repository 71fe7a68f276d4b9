import { readFileSync } from 'node:fs';
import process from 'node:process';
import { composeServices, type ServiceDefinition } from '@theguild/federation-composition';
import { parse } from 'graphql';

const RUNS = [
  'runs',
  'http://127.0.0.1:4000/graphql',
  new URL('../../schema/subgraph.graphql', import.meta.url),
];

/** `node compose.ts NAME URL FILE …` prints the supergraph of these subgraphs; without arguments, of the gateway alone. */
const given = process.argv.length > 2 ? process.argv.slice(2) : RUNS;
const services: ServiceDefinition[] = [];
for (let at = 0; at < given.length; at += 3) {
  const [name = '', url = '', file = ''] = given.slice(at, at + 3);
  services.push({ name: String(name), url: String(url), typeDefs: parse(readFileSync(file, 'utf8')) });
}
const { supergraphSdl, errors = [] } = composeServices(services);
for (const { message } of errors) process.stderr.write(`${message}\n`);
if (supergraphSdl === undefined) process.exitCode = 1;
else process.stdout.write(supergraphSdl);
