import process from 'node:process';
import { ConfigError } from '../errors/config-error.ts';
import { checkManifest } from '../operations/manifests/check-manifest.ts';
import { operationCosts } from '../operations/manifests/operation-costs.ts';
import { schema } from '../schema/index.ts';
import { EXIT_CODE_PROBLEMS, print } from './terminal.ts';

/** Checks a manifest against the schema; prints its operations with their costs, and all problems. @throws ConfigError */
export async function checkDocuments([file, ...more]: readonly string[]): Promise<void> {
  if (file === undefined || more.length > 0) {
    const got = file === undefined ? 'nothing' : JSON.stringify([file, ...more].join(' '));
    throw new ConfigError([`check documents: expected the file of one manifest, but got ${got}`]);
  }
  const { documents, problems } = checkManifest(schema, file);
  const valid = documents.filter((document) => document.problems.length === 0);
  const operations = operationCosts(schema, valid);
  const allProblems = [
    ...problems,
    ...operations.flatMap(({ id, problem }) => (problem === undefined ? [] : [`${id}: ${problem}`])),
  ].map((problem) => `${file}: ${problem}`);
  print(process.stdout, [
    ...operations.map(({ id, name = 'unnamed', cost }) => {
      const price = cost === undefined ? 'cost depends on its variables' : `cost ${cost} without variables`;
      return `${id} ${name}: ${price}`;
    }),
    `${file}: ${count(documents.length, 'document')}, ${count(allProblems.length, 'problem')}`,
  ]);
  print(process.stderr, allProblems);
  if (allProblems.length > 0) process.exitCode = EXIT_CODE_PROBLEMS;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
