import { useEffect, useState } from '../preact.ts';
import { runList } from '../runs/run-list.ts';

/** Milliseconds between two announcements to screen readers. */
const ANNOUNCE_MS = 10_000;

/** Tells screen readers every ten seconds how many runs are new or have changed. */
export function Announcer() {
  const [text, setText] = useState('');
  useEffect(() => {
    const timer = setInterval(() => {
      const since = Date.now() - ANNOUNCE_MS;
      const changed = runList.get().rows.filter(({ changedAt = 0 }) => changedAt > since);
      const failed = changed.filter(({ outcome }) => outcome === 'FAILED').length;
      if (changed.length > 0) setText(`Runs: ${changed.length} new or changed, ${failed} failed`);
    }, ANNOUNCE_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="hidden" role="status">
      {text}
    </p>
  );
}
