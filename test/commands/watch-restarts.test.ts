import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runId } from '../support/ids.ts';
import { liveRun } from '../support/live-runs.ts';
import { FAILED, failures, loseCursor, MISSED, startWatched } from './watched.ts';

describe('runs-gateway watch, which may be stopped and miss changes,', () => {
  it('reports the first run of a list that was empty, also if it could not be read meanwhile', async () => {
    await using watched = await startWatched(undefined, []);
    await using program = watched.launch();
    await expect.poll(program.logged).toContain('connected to');
    let refused = 0;
    watched.upstream.script = () => {
      refused += 1;
      return { status: 503, body: {} };
    };
    watched.store.insert([liveRun(1)]);
    watched.fail(1);
    await expect.poll(() => refused).toBeGreaterThan(0);
    watched.upstream.script = (_request, next) => next();
    await expect.poll(watched.receiver.ids).toEqual(failures(1));
  });

  // Of the first no run had changed before; of the others the failed one has left the list.
  it.each(['FAILED', 'CREATED,RUNNING'])(
    'reports what failed while it was stopped: --status %s',
    async (status) => {
      await using watched = await startWatched(undefined, [liveRun(1), liveRun(2, FAILED)]);
      const flags = ['--failed', '--status', status];
      const first = await watched.start(flags);
      await expect.poll(() => watched.saved().state.cursor).not.toBe(runId(2));
      first.process.kill('SIGKILL');
      await first.ended;
      watched.fail(1);
      await using _second = await watched.start(flags);
      await expect.poll(watched.receiver.ids).toEqual(failures(1));
    },
  );

  it('goes on where its state can not be saved, and says so', async () => {
    await using watched = await startWatched();
    await using program = await watched.start();
    rmSync(path.dirname(watched.file), { recursive: true });
    watched.fail(1);
    await expect.poll(watched.receiver.ids).toEqual(failures(1));
    await expect.poll(program.logged).toMatch(/--state: ENOENT.*; trying again/);
  });

  it('says that changes may have been missed, and reads the list again', async () => {
    await using watched = await startWatched();
    await loseCursor(watched, await watched.start());
    watched.fail(1);
    watched.store.insert([liveRun(2, FAILED)]);
    await using _second = await watched.start();
    await expect.poll(watched.receiver.ids).toEqual([MISSED, ...failures(1, 2)]);
    watched.store.insert([liveRun(3)]);
    watched.fail(3);
    await expect.poll(() => watched.receiver.ids().slice(3)).toEqual(failures(3));
  });

  it('reports an old run that was active before its cursor was lost', async () => {
    await using watched = await startWatched();
    const flags = ['--failed', '--status', 'CREATED,RUNNING'];
    const first = await watched.start(flags);
    watched.store.insert([liveRun(50)]);
    await expect.poll(() => watched.saved().state.memory.newest).toContain('00:00:50');
    await expect.poll(() => Object.keys(watched.saved().state.memory.active)).toContain(runId(1));
    await loseCursor(watched, first);
    watched.fail(1);
    await using _second = await watched.start(flags);
    await expect.poll(watched.receiver.ids).toEqual([MISSED, ...failures(1)]);
  });

  it('reports what failed since a start after which nothing changed', async () => {
    await using watched = await startWatched();
    watched.store.update(runId(1), { ...FAILED, status: 'completed', stop_reason: 'end_turn' });
    await loseCursor(watched, await watched.start());
    watched.store.insert([liveRun(20, FAILED)]);
    await using _second = await watched.start();
    await expect.poll(watched.receiver.ids).toEqual([MISSED, ...failures(20)]);
  });

  it('does not report a run as hanging that ended before the list was followed', async () => {
    await using watched = await startWatched();
    const created_at = new Date().toISOString();
    watched.store.insert([2, 3].map((number) => liveRun(number, { created_at })));
    watched.store.insert([liveRun(4, FAILED)]);
    watched.upstream.script = ({ query }, next) => {
      if (query.has('active')) watched.store.update(runId(2), { status: 'completed' });
      return next();
    };
    await using _program = await watched.start(['--stuck', '10s', '--status', 'RUNNING,FAILED,COMPLETED']);
    await expect.poll(watched.receiver.ids).toEqual([1, 3].map((number) => `stuck-${runId(number)}`));
  });
});
