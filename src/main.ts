#!/usr/bin/env -S node --max-semi-space-size=16
import process from 'node:process';
import { nodeProblem } from './runtime/node-version.ts';

// Everything else is imported after this check: an older Node can't even parse it.
const problem = nodeProblem(process.versions.node);
if (problem === undefined) {
  await import('./cli/startup.ts');
  const { run } = await import('./cli/run.ts');
  await run(process.argv.slice(2), process.env);
  // What is done must not wait for a message of the process that started it, by `cluster` or `fork`.
  process.channel?.unref();
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
