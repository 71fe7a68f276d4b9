import { UpstreamError } from '../errors/upstream-error.ts';
import { redactError } from '../upstream/http/redact.ts';
import { credentials, project } from './checks/access.ts';
import { durations, fullPages, internalList, repeatedKeys } from './checks/behaviour.ts';
import { connection } from './checks/connection.ts';
import { LIST_KINDS } from './checks/list-kinds.ts';
import { examineList } from './checks/lists.ts';
import { rows } from './checks/rows.ts';
import { server } from './checks/server.ts';
import { clock, latency, quota } from './checks/time.ts';
import { type ExaminedUpstream, TimeOverError } from './examined-upstream.ts';
import { explain } from './explain.ts';
import { type FactsOf, type Finding, type NamedFinding, type Report, skipped } from './finding.ts';

/** One thing that is found out about an upstream. */
interface Check {
  readonly name: string;
  /** The checks before it without which it makes no sense: it is skipped if one of them found a problem. */
  readonly needs: readonly string[];
  /** Whether it is also made when the gateway starts. @default false */
  readonly isQuick?: boolean;
  /**
   * @param factsOf for the checks before this one
   * @throws UpstreamError for a request that failed: that is a problem
   */
  readonly run: (upstream: ExaminedUpstream, factsOf: FactsOf) => Promise<Finding | readonly Finding[]>;
}

const REACHED = ['connection'];
const READABLE = [...REACHED, 'credentials', 'project'];
const UNDERSTOOD = [...READABLE, 'rows'];

/** All checks, in the order in which they are made and shown. */
const CHECKS: readonly Check[] = [
  { name: 'connection', needs: [], isQuick: true, run: connection },
  { name: 'credentials', needs: REACHED, isQuick: true, run: credentials },
  { name: 'project', needs: [...REACHED, 'credentials'], isQuick: true, run: project },
  { name: 'latency', needs: REACHED, run: latency },
  { name: 'rows', needs: READABLE, run: rows },
  { name: 'clock', needs: REACHED, run: clock },
  ...LIST_KINDS.map((list) => ({
    name: list.name,
    needs: list.isOfRun ? UNDERSTOOD : READABLE,
    isQuick: list.name === 'runs',
    run: (upstream: ExaminedUpstream) => examineList(list, upstream),
  })),
  { name: 'full pages', needs: [...UNDERSTOOD, 'runs'], run: fullPages },
  { name: 'repeated keys', needs: UNDERSTOOD, run: repeatedKeys },
  { name: 'internal list', needs: UNDERSTOOD, run: internalList },
  { name: 'durations', needs: UNDERSTOOD, run: durations },
  { name: 'server', needs: REACHED, isQuick: true, run: server },
  { name: 'quota', needs: REACHED, run: quota },
];

/**
 * Examines an upstream, by about thirty GETs. A check that fails is a problem, and doesn't keep others
 * from being made.
 *
 * @param isQuick whether only those checks are made that take few requests: about five
 */
export async function examine(upstream: ExaminedUpstream, { isQuick = false } = {}): Promise<Report> {
  const { now } = upstream;
  const start = now();
  const findings: NamedFinding[] = [];
  const levelsOf = (name: string) => findings.filter(({ check }) => check === name).map(({ level }) => level);
  const factsOf: FactsOf = (name) => findings.find(({ check }) => check === name)?.facts ?? {};
  for (const check of CHECKS) {
    if (isQuick && !check.isQuick) continue;
    const missing = check.needs.find((name) => /problem|skipped/.test(levelsOf(name).join()));
    const found = missing === undefined ? await made(check, upstream, factsOf) : skipped(`needs ${missing}`);
    findings.push(...[found].flat().map((each) => ({ check: check.name, ...shown(each) })));
  }
  return {
    upstream: upstream.options.baseUrl,
    findings,
    requests: upstream.requests,
    milliseconds: now() - start,
  };
}

async function made(
  check: Check,
  upstream: ExaminedUpstream,
  factsOf: FactsOf,
): Promise<Finding | readonly Finding[]> {
  try {
    return await check.run(upstream, factsOf);
  } catch (error) {
    if (error instanceof UpstreamError) return explain(redactError(error, upstream.secrets));
    if (error instanceof TimeOverError) return skipped(error.message);
    throw error;
  }
}

/** Makes a finding of which all can be printed: what the upstream says may be anything. */
function shown({ level, text, advice, brief, facts }: Finding): Finding {
  return {
    level,
    text: oneLine(text),
    advice: advice && oneLine(advice),
    brief: brief && oneLine(brief),
    facts:
      facts &&
      Object.fromEntries(
        Object.entries(facts).map(([name, fact]) => [name, typeof fact === 'string' ? oneLine(fact) : fact]),
      ),
  };
}

/** Returns a text without control characters, and not long. */
function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- Terminals obey them.
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\s]+/g, ' ').slice(0, 300);
}
