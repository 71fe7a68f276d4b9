import { setting, type Values, withFlags } from '../../config/define-settings.ts';
import { integer, off } from '../../config/value-schemas.ts';
import { LIST_SETTINGS } from '../gateway-client/list-settings.ts';

/** The settings of `runs-gateway tail`. */
export const TAIL_SETTINGS = withFlags({
  ...LIST_SETTINGS,
  last: setting(
    { short: 'n', ...integer(0, 1000), defaultFrom: ({ json }: { json: boolean }) => (json ? 0 : 10) },
    'How many of the newest runs to print first. Default: 10, and 0 with `--json`.',
  ),
  json: setting(off, 'Prints each change as one line of JSON.'),
});

export interface TailConfig extends Values<typeof TAIL_SETTINGS> {}
