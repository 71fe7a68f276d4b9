import { once } from 'node:events';
import { lstatSync, unlinkSync } from 'node:fs';
import { connect } from 'node:net';

/**
 * Removes what a process that was killed has left of its Unix socket. A file that isn't a socket, or that a process listens on, stays:
 * listening there fails with EADDRINUSE.
 */
export async function removeStaleSocket(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isSocket() !== true) return;
  const socket = connect(path);
  try {
    await once(socket, 'connect');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')) return;
    // Another process may have found the same, and listens now.
    if (lstatSync(path, { throwIfNoEntry: false })?.ctimeMs === found.ctimeMs) unlinkSync(path);
  } finally {
    socket.destroy();
  }
}
