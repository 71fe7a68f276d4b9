import { enumValues } from '../runs/run-enums.ts';
import { text, wholeNumber } from './kind-constructors.ts';
import { headerText, secret, url } from './kinds.ts';
import { type Environment, type Flags, readValid } from './read-settings.ts';
import { type CommandLineFlag, setting, type Values } from './settings.ts';

const STATUSES: readonly string[] = enumValues('status').map((status) => status.toUpperCase());

/** The settings of `runs-gateway tail`. */
export const TAIL_SETTINGS = {
  url: setting({
    flag: 'url',
    variable: 'GATEWAY_URL',
    kind: url(
      'the http or https URL of GraphQL, without credentials',
      'http://127.0.0.1:4000/graphql',
      (_given, { href }) => href,
    ),
    default: 'http://127.0.0.1:4000/graphql',
    description: 'Where the gateway serves GraphQL.',
  }),
  agentId: setting({
    flag: 'agent',
    kind: text('ID', 'the id of an agent', /^[!-~]{1,200}$/),
    description: 'Only runs of this agent.',
  }),
  statuses: setting({
    flag: 'status',
    kind: text('STATUS', `one of ${STATUSES.join(', ')}, or several separated by commas`, /./, {
      read(given) {
        const statuses = given.toUpperCase().split(',');
        return statuses.every((status) => STATUSES.includes(status)) ? statuses.join(',') : undefined;
      },
    }),
    description: `Only runs with this status: ${STATUSES.join(', ')}, or several separated by commas. A run that gets another status is \`REMOVED\`.`,
  }),
  last: setting({
    flag: 'last',
    kind: wholeNumber(0, 1000),
    description:
      'How many of the newest runs to print first, oldest first. Default: 10, and 0 with `--json`.',
  }),
  project: setting({
    flag: 'project',
    variable: 'LETTA_PROJECT',
    kind: headerText('PROJECT'),
    description: 'Sent as `X-Project`.',
  }),
  projectId: setting({
    flag: 'project-id',
    variable: 'LETTA_PROJECT_ID',
    kind: headerText('ID'),
    description: 'Sent as `X-Project-Id`.',
  }),
  token: setting({
    variable: 'ACCESS_TOKEN',
    kind: secret,
    description: 'Sent as `Authorization: Bearer <token>`.',
  }),
};

export const TAIL_FLAGS = [
  { flag: 'json', description: 'Prints each change as one line of JSON.' },
] as const satisfies readonly CommandLineFlag[];

export interface TailConfig extends Values<typeof TAIL_SETTINGS> {
  readonly json: boolean;
}

/** Reads the settings of `runs-gateway tail`. @throws ConfigError with all problems */
export function readTailConfig(flags: Flags, env: Environment): TailConfig {
  return { ...readValid(TAIL_SETTINGS, { flags, env }), json: flags['json'] !== undefined };
}
