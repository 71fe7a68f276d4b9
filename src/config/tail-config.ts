import { enumValues } from '../runs/run-enums.ts';
import { ConfigError } from './config-error.ts';
import { matching, textual } from './kind-constructors.ts';
import { headerText, secret } from './kinds.ts';
import { type Environment, type Flags, readSettings } from './read-settings.ts';
import { type CommandLineFlag, setting, type Values } from './settings.ts';

const STATUSES: readonly string[] = enumValues('status').map((status) => status.toUpperCase());

/** The settings of `runs-gateway tail`. */
export const TAIL_SETTINGS = {
  url: setting({
    flag: 'url',
    kind: textual(
      'URL',
      'the http or https URL of GraphQL, without credentials, such as http://127.0.0.1:4000/graphql',
      { type: 'string' },
      (text) => {
        const url = /^https?:/i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
        return url !== undefined && url.username + url.password === '' ? url.href : undefined;
      },
      // The part before an @ may be a password.
      (text) => text.includes('@'),
    ),
    default: 'http://127.0.0.1:4000/graphql',
    description: 'Where the gateway serves GraphQL.',
  }),
  agentId: setting({
    flag: 'agent',
    kind: matching('ID', 'the id of an agent', /^[!-~]{1,200}$/),
    default: undefined,
    description: 'Only runs of this agent.',
  }),
  statuses: setting({
    flag: 'status',
    kind: textual(
      'STATUS',
      `one of ${STATUSES.join(', ')}, or several separated by commas`,
      { type: 'string' },
      (text) => {
        const statuses = text.toUpperCase().split(',');
        return statuses.every((status) => STATUSES.includes(status)) ? statuses.join(',') : undefined;
      },
    ),
    default: undefined,
    description: `Only runs with this status: ${STATUSES.join(', ')}, or several separated by commas. A run that gets another status is \`REMOVED\`.`,
  }),
  project: setting({
    flag: 'project',
    variable: 'LETTA_PROJECT',
    kind: headerText('PROJECT'),
    default: undefined,
    description: 'Sent as `X-Project`.',
  }),
  projectId: setting({
    flag: 'project-id',
    variable: 'LETTA_PROJECT_ID',
    kind: headerText('ID'),
    default: undefined,
    description: 'Sent as `X-Project-Id`.',
  }),
  token: setting({
    variable: 'ACCESS_TOKEN',
    kind: secret,
    default: undefined,
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
  const { values, problems } = readSettings(TAIL_SETTINGS, { flags, env });
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...values, json: flags['json'] !== undefined };
}
