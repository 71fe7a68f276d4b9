import { enumValues } from '../runs/run-enums.ts';
import { headerText, HTTP, integer, isAnonymous, off, secret, text, url } from './schemas.ts';
import { flags, type Values } from './settings.ts';

const STATUSES: readonly string[] = enumValues('status').map((status) => status.toUpperCase());
const LOCAL = 'http://127.0.0.1:4000/graphql';

/** The settings of `runs-gateway tail`. */
export const TAIL_SETTINGS = flags({
  url: {
    variable: 'GATEWAY_URL',
    ...url('the http or https URL of GraphQL, without credentials', HTTP, LOCAL, (parsed) =>
      isAnonymous(parsed) ? parsed.href : undefined,
    ),
    default: LOCAL,
    description: 'Where the gateway serves GraphQL.',
  },
  agentId: {
    flag: 'agent',
    ...text('ID', 'the id of an agent', /^[!-~]{1,200}$/),
    description: 'Only runs of this agent.',
  },
  statuses: {
    flag: 'status',
    ...text('STATUS', `one of ${STATUSES.join(', ')}, or several separated by commas`, /./, {
      read(given) {
        const statuses = given.toUpperCase();
        return statuses.split(',').every((status) => STATUSES.includes(status)) ? statuses : undefined;
      },
    }),
    description: `Only runs with this status: ${STATUSES.join(', ')}, or several separated by commas. A run that gets another status is \`REMOVED\`.`,
  },
  last: {
    short: 'n',
    ...integer(0, 1000),
    description: 'How many of the newest runs to print first. Default: 10, and 0 with `--json`.',
  },
  project: { variable: 'LETTA_PROJECT', ...headerText, description: 'Sent as `X-Project`.' },
  projectId: { variable: 'LETTA_PROJECT_ID', ...headerText, description: 'Sent as `X-Project-Id`.' },
  token: {
    variable: 'ACCESS_TOKEN',
    ...secret,
    description: 'Sent as `Authorization: Bearer <token>`.',
  },
  json: { ...off, description: 'Prints each change as one line of JSON.' },
});

export interface TailConfig extends Values<typeof TAIL_SETTINGS> {}
