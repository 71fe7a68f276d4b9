import { printable } from '../tail/text-line.ts';
import type { Notice } from './notice.ts';
import { isPagerDuty, type WatchConfig } from './settings.ts';

const SLACK = /^hooks\.slack(?:-gov)?\.com$/;

/** `link`: the URL of the gateway's page, or another one beside it. */
export type FormOptions = Pick<WatchConfig, 'routingKey' | 'link'> & { readonly webhook: string };

/** Returns the body of the request for a notice, in the form that the host of the URL takes. */
export function bodyOf(notice: Notice, { webhook, routingKey, link: site }: FormOptions): object {
  const link = linkOf(notice, site);
  if (SLACK.test(new URL(webhook).hostname)) {
    const text = notice.message.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    return { text: `${text} <${link}|Show>` };
  }
  if (!isPagerDuty(webhook)) return { ...notice, link };
  const [summary, source] = [notice.message.slice(0, 1024), new URL(site).host];
  return {
    routing_key: routingKey,
    event_action: notice.type === 'rate.fell' ? 'resolve' : 'trigger',
    // A rate that falls resolves the incident that it opened.
    dedup_key: notice.id.replace('rate-fell', 'rate-passed'),
    payload: { summary, source, severity: 'error', timestamp: notice.occurredAt, custom_details: notice },
    links: [{ href: link, text: 'Show' }],
  };
}

/** Returns a notice as one line of JSON, or as fields between tabs with a dash for an absent field. */
export function lineOf(notice: Notice, link: string, isJson: boolean): string {
  if (isJson) return JSON.stringify({ ...notice, link: linkOf(notice, link) });
  const { occurredAt, type, run, message } = notice;
  return [occurredAt, type, run?.id ?? '-', run?.agentId ?? '-', message].map(printable).join('\t');
}

/** @param site where people open the explorer, without a slash at its end */
function linkOf({ run }: Notice, site: string): string {
  return run === undefined ? `${site}/` : `${site}/runs/${encodeURIComponent(run.id)}`;
}
