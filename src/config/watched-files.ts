import { unwatchFile, watchFile } from 'node:fs';
import { ConfigError } from '../errors/config-error.ts';
import type { Log } from '../observability/log.ts';

/** Milliseconds between two checks of a file. Polling also notices a symbolic link that changes, as in Kubernetes. */
const LOOK_MS = 1_000;
/** Milliseconds from a change until all files are read, since a file may be written in parts, or with another file. */
const SETTLED_MS = 200;

/** Something that is read from files. */
export interface FromFiles {
  /** The paths of the files, undefined where a file isn't used. */
  readonly files: readonly (string | undefined)[];
  /** Reads them anew. @throws ConfigError or TypeError if they can't be used; nothing has changed then */
  readonly read: () => void;
  /** The message that is logged if the files can't be used. */
  readonly failure: string;
}

/** Reads files anew when one of them changes, and at `readAgain`, until it is disposed of. */
export function watchFiles(parts: readonly FromFiles[], log: Log): Disposable & { readAgain(): void } {
  const files = parts.flatMap((part) => part.files).filter((file) => file !== undefined);
  const readAgain = (): void => {
    for (const { read, failure } of parts) {
      try {
        read();
      } catch (error) {
        if (!(error instanceof ConfigError || error instanceof TypeError)) throw error;
        log.error({ problems: error.message.split('\n') }, failure);
      }
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(readAgain, SETTLED_MS).unref();
  };
  for (const file of files) watchFile(file, { interval: LOOK_MS, persistent: false }, changed);
  // A file may have changed after it was read and before it was watched.
  if (files.length > 0) changed();
  return {
    readAgain,
    [Symbol.dispose]() {
      clearTimeout(timer);
      for (const file of files) unwatchFile(file, changed);
    },
  };
}
