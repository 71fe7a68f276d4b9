import { unwatchFile, watchFile } from 'node:fs';
import type { Log } from '../observability/log.ts';
import { ConfigError } from './config-error.ts';

/** Milliseconds between two looks at a file: also sees a link that leads elsewhere, as those of Kubernetes do. */
const LOOK_MS = 1_000;
/** Milliseconds from a change until the files are read: others change with it, or it is written in parts. */
const SETTLED_MS = 200;

/** Something that is read from files. */
export interface FromFiles {
  /** Their paths, where there are such files. */
  readonly files: readonly (string | undefined)[];
  /** Reads them anew. @throws ConfigError or TypeError if they can't be used; nothing has changed then */
  readonly read: () => void;
  /** What is logged then. */
  readonly failure: string;
}

/** Reads files anew when they change. */
export interface WatchedFiles extends Disposable {
  /** Reads all of them now. What can't be used is logged, and changes nothing. */
  readAgain(): void;
}

export function watchFiles(parts: readonly FromFiles[], log: Log): WatchedFiles {
  const watching = new DisposableStack();
  for (const part of parts) {
    const files = part.files.filter((file) => file !== undefined);
    let timer: NodeJS.Timeout | undefined;
    const changed = (): void => {
      clearTimeout(timer);
      timer = setTimeout(read, SETTLED_MS, part, log).unref();
    };
    for (const file of files) watchFile(file, { interval: LOOK_MS, persistent: false }, changed);
    // One may have changed since it was read, before it was watched.
    if (files.length > 0) changed();
    watching.defer(() => {
      clearTimeout(timer);
      for (const file of files) unwatchFile(file, changed);
    });
  }
  return {
    readAgain() {
      for (const part of parts) read(part, log);
    },
    [Symbol.dispose]: () => watching.dispose(),
  };
}

function read(part: FromFiles, log: Log): void {
  try {
    part.read();
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof TypeError)) throw error;
    log.error({ problems: error.message.split('\n') }, part.failure);
  }
}
