import { columns } from '../gateway-client/text-line.ts';
import { messageOf, NOTICE_KINDS, type Notice, type NoticeKind } from './notice.ts';
import { isPagerDuty, type WatchConfig } from './settings.ts';

const SLACK = /^hooks\.slack(?:-gov)?\.com$/;

/** `link`: the URL of the gateway's page, or another one beside it. */
export type FormOptions = Pick<WatchConfig, 'routingKey' | 'link' | 'agentId'> & { readonly webhook: string };

/** A notice with all that a person reads. */
export interface ReadableNotice extends Omit<Notice, 'resolves'> {
  readonly message: string;
  readonly link: string;
}

/** Adds what a person reads. @param agentName undefined if it isn't known */
export function readable(
  { resolves: _resolves, ...notice }: Notice,
  agentName: string | undefined,
  config: Pick<WatchConfig, 'link' | 'agentId'>,
): ReadableNotice {
  const { run } = notice;
  const named = run !== undefined && agentName !== undefined && { run: { ...run, agentName } };
  return { ...notice, ...named, message: messageOf(notice, agentName), link: linkOf(notice, config) };
}

/** Returns the body of the request for a notice, in the form that the host of the URL takes. */
export function bodyOf(notice: Notice, agentName: string | undefined, options: FormOptions): object {
  const { webhook, routingKey, link: site } = options;
  const { link, ...content } = readable(notice, agentName, options);
  if (SLACK.test(new URL(webhook).hostname)) {
    const text = content.message.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    return { text: `${text} <${link}|Show>` };
  }
  if (!isPagerDuty(webhook)) return { ...content, link };
  const { severity } = NOTICE_KINDS[notice.type];
  const [summary, source] = [content.message.slice(0, 1024).toWellFormed(), new URL(site).host];
  return {
    routing_key: routingKey,
    event_action: notice.resolves === undefined ? 'trigger' : 'resolve',
    dedup_key: notice.resolves ?? notice.id,
    payload: { summary, source, severity, timestamp: notice.occurredAt, custom_details: content },
    links: [{ href: link, text: 'Show' }],
  };
}

/** Returns a notice as one line of JSON, or as columns. */
export function lineOf(notice: ReadableNotice, isJson: boolean): string {
  if (isJson) return JSON.stringify(notice);
  const { occurredAt, type, run, message } = notice;
  return columns([occurredAt, type, run?.id, run?.agentId, message]);
}

/** Returns the address of a run in the explorer, or that of a list. */
function linkOf({ type, run }: Notice, { link, agentId }: Pick<WatchConfig, 'link' | 'agentId'>): string {
  if (run !== undefined) return `${link}/runs/${encodeURIComponent(run.id)}`;
  const { list }: NoticeKind = NOTICE_KINDS[type];
  const filters = {
    ...(agentId !== undefined && { agent: agentId }),
    ...(list !== undefined && { status: list }),
  };
  const search = new URLSearchParams(filters).toString();
  return `${link}/${search === '' ? '' : `?${search}`}`;
}
