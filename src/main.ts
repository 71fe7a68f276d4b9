#!/usr/bin/env -S node --max-semi-space-size=4
import './cli/startup.ts';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { type Command, parseCommand } from './cli/command.ts';
import { helpText } from './cli/help.ts';
import { print } from './cli/terminal.ts';
import { ConfigError } from './config/config-error.ts';

const EXIT_CODE_USAGE = 2;

try {
  await run(parseCommand(process.argv.slice(2), process.env, (path) => readFileSync(path, 'utf8')));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  print(process.stderr, [...error.problems, 'See runs-gateway --help.']);
  process.exitCode = EXIT_CODE_USAGE;
}

/** Each loads what it needs. */
async function run(command: Command): Promise<void> {
  switch (command.kind) {
    case 'serve':
      return (await import('./cli/serve.ts')).serve(command.config);
    case 'runs-api':
      return (await import('./cli/serve-runs-api.ts')).serveRunsApi(command.config);
    case 'help':
      return print(process.stdout, [helpText()]);
    case 'version':
      return print(process.stdout, [readVersion()]);
  }
}

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version = 'unknown' }: { version?: string } = JSON.parse(text);
  return version;
}
