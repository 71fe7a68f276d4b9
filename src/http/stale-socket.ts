import { once } from 'node:events';
import { lstatSync, unlinkSync } from 'node:fs';
import { connect } from 'node:net';

/**
 * Removes the Unix socket of a process that was killed. A file that isn't a socket, or on which a process listens, stays,
 * so that listening fails with EADDRINUSE.
 */
export async function removeStaleSocket(path: string): Promise<void> {
  const file = lstatSync(path, { throwIfNoEntry: false });
  if (file?.isSocket() !== true) return;
  const socket = connect(path);
  try {
    await once(socket, 'connect');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')) return;
    // Another process may have replaced the socket meanwhile, and listen on it.
    if (lstatSync(path, { throwIfNoEntry: false })?.ctimeMs === file.ctimeMs) unlinkSync(path);
  } finally {
    socket.destroy();
  }
}
