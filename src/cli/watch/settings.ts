import { setting, type Values, defineSettings } from '../../config/define-settings.ts';
import { asSecret, off, path, siteRoot, text, webUrl } from '../../config/value-schemas.ts';
import { LIST_SETTINGS } from '../gateway-client/list-settings.ts';

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** The form of a rate, such as `failed>5/10m`. */
const RATE = /^failed>(\d{1,3})\/([1-9]\d{0,3}[smhd])$/;

const duration = text('DURATION', 'a duration such as 90s, 15m, 2h or 1d', /^[1-9]\d{0,3}[smhd]$/);

const { statuses, ...list } = LIST_SETTINGS;

/** The settings of `runs-gateway watch`: those of `tail` that name a list, the rules, and the receiver. */
export const WATCH_SETTINGS = defineSettings('WATCH_', {
  ...list,
  statuses: {
    ...statuses,
    description: `Only runs with this status, or with one of several separated by commas. A run that gets another status is not watched any more, but for its failure.`,
  },
  failed: setting(
    off,
    'Reports runs that failed, and why. Failures like one that was reported within the last minute are one more notice.',
  ),
  each: setting(off, 'Reports each run that failed by a notice of its own.'),
  stuck: setting(duration, 'Reports each run that has been active for longer.'),
  waiting: setting(
    duration,
    'Reports each approval that a person has left unanswered for longer; `--status` does not apply.',
  ),
  rate: setting(
    text('RATE', "a rate such as 'failed>5/10m'", RATE),
    'Reports when more runs fail within the duration, and when no more than half as many do again.',
  ),
  webhook: setting(
    { flag: 'webhook', ...asSecret(webUrl('https://hooks.example.com/runs')) },
    'Receives each notice by POST. Slack and PagerDuty get their own forms. Without it, notices are printed.',
  ),
  webhookSecret: setting(
    asSecret(text('SECRET', 'whsec_ and 24 to 64 bytes in base64', /^whsec_[\w+/]{32,86}={0,2}$/)),
    'Signs each notice as Standard Webhooks says.',
  ),
  routingKey: setting(
    asSecret(text('KEY', 'an integration key of PagerDuty', /^[0-9A-Za-z]{8,64}$/)),
    'The integration key of PagerDuty.',
  ),
  link: setting(
    {
      ...siteRoot,
      defaultFrom: ({ url }: { readonly url: string }) => new URL('.', url).href.replace(/\/+$/, ''),
    },
    'URL under which people reach the explorer, for links. Default: that of `--url`, without its last segment.',
  ),
  state: setting(
    path,
    'The file by which it goes on after a restart where it was. Without it, what happened in between is not reported.',
  ),
  heartbeat: setting(
    { flag: 'heartbeat', ...asSecret(webUrl('https://hc.example.com/ping')) },
    'URL that is asked for by GET every minute while the gateway is followed and the receiver takes notices.',
  ),
  test: setting(
    off,
    'Sends one sample of each type of notice, and exits with 0 if all were delivered, else with 1.',
  ),
  json: setting(off, 'Prints each notice as one line of JSON.'),
});

export interface WatchConfig extends Values<typeof WATCH_SETTINGS> {}

/** Returns how many failures a rate allows, within how many milliseconds. */
export function limitsOf(rate: string) {
  const [, above, within = ''] = RATE.exec(rate) ?? [];
  return { above: Number(above), ms: millisecondsOf(within) };
}

/** @param written a duration such as `15m` */
export function millisecondsOf(written: string): number {
  return Number.parseInt(written, 10) * (UNITS_MS[written.slice(-1)] ?? NaN);
}

/** Returns the milliseconds between looks for approvals that have waited for a duration. */
export function pollMsOf(waiting: string): number {
  return Math.min(60_000, Math.max(1_000, millisecondsOf(waiting) / 10));
}

/** Returns the problems of settings that don't go together. */
export function watchProblems(config: WatchConfig): readonly string[] {
  const { failed, stuck, waiting, rate, webhook, routingKey, test } = config;
  const isRule = test || failed || (stuck ?? waiting ?? rate) !== undefined;
  const listsActive = /CREATED|RUNNING/.test(config.statuses ?? 'RUNNING');
  const needsKey = webhook !== undefined && isPagerDuty(webhook) && routingKey === undefined;
  return [
    ...(isRule ? [] : ['expected at least one of --failed, --stuck, --waiting and --rate']),
    ...(stuck === undefined || listsActive
      ? []
      : [`--stuck: expected CREATED or RUNNING in --status, but got ${config.statuses}`]),
    ...(needsKey ? ['WATCH_ROUTING_KEY: expected a key for PagerDuty, but got none'] : []),
  ];
}

/** Whether the webhook takes the events of PagerDuty, which need a routing key. */
export function isPagerDuty(webhook: string): boolean {
  return /^events\.(?:eu\.)?pagerduty\.com$/.test(new URL(webhook).hostname);
}
