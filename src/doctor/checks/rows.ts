import { checkPage } from '../../lists/ranges/check-page.ts';
import { RUN_LIST } from '../../runs/list.ts';
import { redact } from '../../upstream/http/redact.ts';
import type { Check } from '../check.ts';
import { driftOf, SERVED } from '../drift.ts';
import { NEWEST } from '../examined-upstream.ts';
import { note, ok, problem } from '../finding.ts';

/** Whether the newest runs are as this gateway knows them. */
export const rows: Check = {
  name: 'rows',
  needs: ['connection', 'credentials', 'project'],
  async run(upstream) {
    const list = await upstream.newest();
    const broken = checkPage(list, { ...NEWEST, after: null }, RUN_LIST);
    if (broken !== null) {
      return problem(
        `the list of runs can't be trusted: ${redact(broken.detail, upstream.secrets)}`,
        'Look for a proxy that changes answers; the gateway refuses such pages.',
        { facts: { kind: broken.kind } },
      );
    }
    const { length, 0: newest } = list.rows;
    const facts = { count: length, copied: list.copied, newest: newest?.createdInstant ?? null };
    if (length === 0) return ok('there are none', { facts });
    const copied = upstream.options.rowCopying
      ? `${list.copied} of the newest ${length} can be copied`
      : 'ROW_COPYING is off';
    const drift = driftOf(upstream, (report) => list.reportDrift(report));
    return drift === undefined
      ? ok(`as this gateway knows them; ${copied}`, { facts })
      : note(`${drift}; ${copied}`, SERVED, { facts });
  },
};
