import type { ExplorerRowFragment } from '../__generated__/graphql.ts';
import { brief, shortId } from '../format/text.ts';
import { ago, duration, fullTime } from '../format/time.ts';
import { hrefOf } from '../router.ts';
import { type StateName, STATES } from '../runs/states.ts';
import { createStore, useStore } from '../store.ts';

export function StateMark({ state }: { readonly state: StateName }) {
  return (
    <svg class="mark" data-state={state} viewBox="0 0 16 16" aria-hidden="true">
      <path d={STATES[state].icon} />
    </svg>
  );
}

/** A state, with its icon. @param rawStatus the text of a status that is unknown here */
export function StateLabel({ state, rawStatus }: { state: StateName; rawStatus: string | null }) {
  const label = state === 'UNRECOGNIZED' ? brief(rawStatus ?? 'Unknown') : STATES[state].label;
  return (
    <span class="state line" data-state={state}>
      <StateMark state={state} /> {label}
    </span>
  );
}

export const RunLink = ({ id }: { readonly id: string }) => (
  <a href={hrefOf(`runs/${id}`)}>
    <code>{shortId(id)}</code>
  </a>
);

/** The current time, updated every second while the page is visible. */
export const clock = createStore({ now: Date.now() });
setInterval(() => {
  if (!document.hidden) clock.set({ now: Date.now() });
}, 1000);

/** How long ago a time was, with the exact time as a tooltip. */
export function Time({ at }: { readonly at: string }) {
  const text = useStore(clock, ({ now }) => ago(at, now));
  return (
    <time datetime={at} title={fullTime(at)}>
      {text}
    </time>
  );
}

type Timed = Pick<ExplorerRowFragment, 'status' | 'createdAt' | 'completedAt' | 'totalDurationNs'>;

/** How long a run took, or has been running. */
export function Took({ run }: { readonly run: Timed }) {
  const { status, createdAt, completedAt, totalDurationNs } = run;
  const text = useStore(clock, ({ now }) => {
    const msUntil = (end: number): number => Math.max(0, end - Date.parse(createdAt));
    if (status === 'CREATED' || status === 'RUNNING') return duration(Math.floor(msUntil(now) / 1000) * 1e9);
    return duration(
      totalDurationNs ?? (completedAt === null ? null : msUntil(Date.parse(completedAt)) * 1e6),
    );
  });
  return <span class="took">{text}</span>;
}
