#!/usr/bin/env -S node --disable-sigusr1 --max-semi-space-size=16
import module from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { nodeProblem } from './runtime/node-version.ts';

// Everything else is imported after this check: an older Node can't even parse it.
const problem = nodeProblem(process.versions.node);
if (problem === undefined) {
  // Output that can't be written is lost, without stopping the program; silently if a pipe was closed, as by `| head`.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (code === 'EPIPE') return;
      if (stream === process.stdout) process.stderr.write(`Standard output can't be written: ${message}\n`);
      process.exitCode ||= 1;
    });
  }
  // A copy from before the next line, since the configuration depends on NODE_ENV.
  const env = { ...process.env };
  // Makes libraries skip their development-only checks.
  process.env['NODE_ENV'] ??= 'production';
  // From the second start on, cached bytecode saves a third of the startup time. The cache lies in the
  // installation, where only its owner can write; a process without write access does without it.
  const root = dirname(module.findPackageJSON(import.meta.url) ?? '');
  module.enableCompileCache(join(root, 'node_modules/.cache/runs-gateway'));
  const { runCommand } = await import('./cli/run-command.ts');
  await runCommand(process.argv.slice(2), env);
  // A finished program ends, whatever the module of plugins keeps open.
  process.stderr.write('', () => process.stdout.write('', () => process.exit()));
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
