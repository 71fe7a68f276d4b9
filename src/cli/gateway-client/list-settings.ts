import { setting, type Values } from '../../config/define-settings.ts';
import { headerText, secret, text, webUrl } from '../../config/value-schemas.ts';
import { enumValues } from '../../runs/run-enums.ts';

const STATUSES: readonly string[] = enumValues('status').map((status) => status.toUpperCase());
const LOCAL = 'http://127.0.0.1:4000/graphql';

const gatewayUrl = webUrl(LOCAL, 'the http or https URL of GraphQL, without credentials');

const statuses = text('STATUS', `one of ${STATUSES.join(', ')}, or several separated by commas`, /./, {
  read: (value) =>
    value.split(',').every((status) => STATUSES.includes(status.toUpperCase())) && value.toUpperCase(),
});

/** The settings that choose a gateway, and a list of its runs. */
export const LIST_SETTINGS = {
  url: setting(
    { variable: 'GATEWAY_URL', ...gatewayUrl, default: LOCAL },
    'Where the gateway serves GraphQL.',
  ),
  agentId: setting(
    { flag: 'agent', ...text('ID', 'the id of an agent', /^[!-~]{1,200}$/) },
    'Only runs of this agent.',
  ),
  statuses: setting(
    { flag: 'status', ...statuses },
    `Only runs with this status: ${STATUSES.join(', ')}, or several separated by commas. A run that gets another status is \`REMOVED\`.`,
  ),
  project: setting({ variable: 'LETTA_PROJECT', ...headerText }, 'Sent as `X-Project`.'),
  projectId: setting({ variable: 'LETTA_PROJECT_ID', ...headerText }, 'Sent as `X-Project-Id`.'),
  token: setting({ variable: 'ACCESS_TOKEN', ...secret }, 'Sent as `Authorization: Bearer <token>`.'),
};

/** Which gateway, and which of its runs. */
export interface ListConfig extends Values<typeof LIST_SETTINGS> {}
