import { parseArgs } from 'node:util';
import { ConfigError, parseSecret, parseUrl, SettingsReader } from '../../src/config/settings.ts';

export const HELP = `Checks that a runs API is what the gateway takes it for. It only reads.

Usage
  npm run test:contract                      check the embedded runs API
  npm run test:contract -- --upstream URL    check the server at this address

Flags
  --upstream URL    the root of the runs API, such as http://localhost:8283
  --api-key KEY     sent as Authorization: Bearer KEY
  --user-id ID      sent as the user_id header; leaves out the gateway, which never passes it on
  --help
`;

/** How the address gets to the test file that wants it. */
export const ADDRESS_VARIABLES = {
  upstream: 'CONTRACT_UPSTREAM',
  apiKey: 'CONTRACT_API_KEY',
  userId: 'CONTRACT_USER_ID',
} as const;

export type ContractCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'check'; readonly file: string; readonly env: Readonly<Record<string, string>> };

/** @throws ConfigError with what is wrong with the arguments. */
export function parseArguments(args: readonly string[]): ContractCommand {
  const { help, ...flags } = parseFlags(args);
  if (help === true) return { kind: 'help' };
  const settings = new SettingsReader(flags, {});
  // People paste the address with the version that all paths of the API start with.
  const upstream = settings.read({ flag: 'upstream' }, parseUrl)?.replace(/\/v1$/, '');
  const apiKey = settings.read({ flag: 'api-key' }, parseSecret);
  const userId = settings.read({ flag: 'user-id' }, parseSecret);
  settings.done();
  if (flags.upstream === undefined && (apiKey ?? userId) !== undefined) {
    throw new ConfigError(['--api-key and --user-id: expected --upstream with them']);
  }
  const env = {
    ...(upstream !== undefined && { [ADDRESS_VARIABLES.upstream]: upstream }),
    ...(apiKey !== undefined && { [ADDRESS_VARIABLES.apiKey]: apiKey }),
    ...(userId !== undefined && { [ADDRESS_VARIABLES.userId]: userId }),
  };
  const file = `test/contract/${upstream === undefined ? 'embedded' : 'address'}.test.ts`;
  return { kind: 'check', file, env };
}

function parseFlags(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        upstream: { type: 'string' },
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
