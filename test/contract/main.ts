import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ADDRESS_VARIABLES } from './address-variables.ts';

const HELP = `Checks that a runs API is what the gateway takes it for. It changes nothing,
but for --approvals-llm.

Usage
  npm run test:contract                      check the embedded runs API
  npm run test:contract -- --upstream URL    check the server at this address

Flags
  --upstream URL     root of the runs API, such as http://localhost:8283
  --profile NAME     what to expect of the server: self-hosted, the default, as of the release that it tells, or cloud
  --api-key KEY      sent as Authorization: Bearer KEY
  --user-id ID       sent as the user_id header; leaves out the gateway, which never passes it on
  --approvals-llm URL
                     make agents and runs, and delete them, to try approvals: the address of an OpenAI-compatible
                     model, as the server reaches it, such as that of node test/contract/fake-model.ts
  --help
`;

const text = { type: 'string' } as const;
const { help, ...given } = parseArgs({
  options: {
    upstream: text,
    profile: text,
    'api-key': text,
    'user-id': text,
    'approvals-llm': text,
    help: { type: 'boolean' },
  },
}).values;

if (help === true) process.stdout.write(HELP);
else if (given.upstream === undefined && Object.keys(given).length > 0) {
  process.stderr.write(`Expected --upstream with them. ${HELP}`);
  process.exitCode = 2;
} else process.exitCode = run();

/** Returns the exit code. */
function run(): number {
  const upstream = given.upstream?.replace(/(?:\/v1)?\/*$/, '');
  const variables = Object.entries({ ...given, ...(upstream && { upstream }) }).map(([flag, value]) => [
    ADDRESS_VARIABLES[flag as keyof typeof ADDRESS_VARIABLES],
    value,
  ]);
  const { status, error } = spawnSync(
    'npx',
    ['vitest', 'run', 'test/contract/runs-api.test.ts', '--reporter=tree'],
    {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: { ...process.env, ...Object.fromEntries(variables) },
      stdio: 'inherit',
    },
  );
  if (error !== undefined) throw error;
  return status ?? 1;
}
