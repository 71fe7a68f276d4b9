import { checkPage } from '../../upstream/letta/check-page.ts';
import type { Check } from '../check.ts';
import { NEWEST } from '../examined-upstream.ts';
import { oneLine } from '../explain.ts';
import { note, ok, problem } from '../finding.ts';

/** Whether the newest runs are as this gateway knows them. */
export const rows: Check = {
  name: 'rows',
  needs: ['connection', 'credentials', 'project'],
  async run(upstream) {
    const list = await upstream.newest();
    const broken = checkPage(list, { ...NEWEST, after: null });
    if (broken !== null) {
      return problem(
        `the list of runs can't be trusted: ${broken.detail}`,
        'Look for a proxy that changes answers; the gateway refuses such pages.',
        { facts: { kind: broken.kind } },
      );
    }
    const drift = new Map<string, Set<string>>();
    list.reportDrift((kind, value) => drift.set(kind, (drift.get(kind) ?? new Set()).add(value)));
    const { length, 0: newest } = list.rows;
    const facts = { count: length, copied: list.copied, newest: newest?.createdInstant ?? null };
    if (length === 0) return ok('there are none', { facts });
    const copied = upstream.options.rowCopying
      ? `${list.copied} of the newest ${length} can be copied`
      : 'ROW_COPYING is off';
    if (drift.size === 0) return ok(`as this gateway knows them; ${copied}`, { facts });
    const differences = [...drift].map(
      ([kind, values]) => `${kind.replaceAll('_', ' ')} ${[...values].join(', ')}`,
    );
    return note(
      `differ from what this gateway knows: ${oneLine(differences.join('; '))}; ${copied}`,
      'They are served all the same: new values as UNRECOGNIZED, new fields not at all.',
      { facts },
    );
  },
};
