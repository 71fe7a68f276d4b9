import { parseArgs } from 'node:util';
import { describeSettings } from '../../src/cli/help.ts';
import { ConfigError } from '../../src/config/config-error.ts';
import { oneOf } from '../../src/config/kind-constructors.ts';
import { apiRoot, secret } from '../../src/config/kinds.ts';
import { readValid } from '../../src/config/read-settings.ts';
import { setting } from '../../src/config/settings.ts';

const SETTINGS = {
  upstream: setting({
    flag: 'upstream',
    kind: apiRoot,
    default: undefined,
    description: 'Root of the runs API, such as http://localhost:8283.',
  }),
  profile: setting({
    flag: 'profile',
    kind: oneOf(['self-hosted', 'cloud']),
    default: undefined,
    description:
      'What to expect of the server: `self-hosted`, which is the default, as of the release that it tells, or `cloud`.',
  }),
  apiKey: setting({
    flag: 'api-key',
    kind: secret,
    default: undefined,
    description: 'Sent as `Authorization: Bearer <key>`.',
  }),
  userId: setting({
    flag: 'user-id',
    kind: secret,
    default: undefined,
    description: 'Sent as the `user_id` header; leaves out the gateway, which never passes it on.',
  }),
};

export const HELP = `Checks that a runs API is what the gateway takes it for. It changes nothing.

Usage
  npm run test:contract                      check the embedded runs API
  npm run test:contract -- --upstream URL    check the server at this address

Flags
${describeSettings(SETTINGS)}
  --help
`;

/** How the address gets to the test file that wants it. */
export const ADDRESS_VARIABLES = {
  upstream: 'CONTRACT_UPSTREAM',
  profile: 'CONTRACT_PROFILE',
  apiKey: 'CONTRACT_API_KEY',
  userId: 'CONTRACT_USER_ID',
} as const;

export type ContractCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'check'; readonly env: Readonly<Record<string, string>> };

/** @throws ConfigError with what is wrong with the arguments. */
export function parseArguments(args: readonly string[]): ContractCommand {
  const { help, ...flags } = parseFlags(args);
  if (help === true) return { kind: 'help' };
  const values = readValid(SETTINGS, { flags });
  const { upstream: _, ...others } = values;
  if (flags.upstream === undefined && Object.values(others).some((value) => value !== undefined)) {
    throw new ConfigError(['--profile, --api-key and --user-id: expected --upstream with them']);
  }
  const env = Object.fromEntries(
    Object.entries(ADDRESS_VARIABLES).flatMap(([name, variable]) => {
      const value = values[name as keyof typeof ADDRESS_VARIABLES];
      return value === undefined ? [] : [[variable, value]];
    }),
  );
  return { kind: 'check', env };
}

function parseFlags(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        upstream: { type: 'string' },
        profile: { type: 'string' },
        'api-key': { type: 'string' },
        'user-id': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError([reason]);
  }
}
