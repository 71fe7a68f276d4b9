import assert from 'node:assert';
import { X509Certificate } from 'node:crypto';
// By name, a Node too old to have all of it could not even say that it is.
import tls, { type SecureContext } from 'node:tls';
import { ConfigError } from '../../config/config-error.ts';
import { readTextFile } from '../../config/read-text-file.ts';

/** Paths of PEM files. */
export interface TlsFiles {
  /** Certificates of authorities that are trusted besides Node's, those of NODE_EXTRA_CA_CERTS included. */
  readonly upstreamCa?: string | undefined;
  /** The certificate that the gateway shows to the upstream, and its key. */
  readonly upstreamCert?: string | undefined;
  readonly upstreamKey?: string | undefined;
}

/** What the TLS of new connections goes by. */
export interface UpstreamTls {
  /** Reads the files again, for the connections that are opened from now on. @throws ConfigError; nothing changes then */
  readonly read: () => void;
  readonly connectOptions: { readonly secureContext: SecureContext; readonly maxCachedSessions?: number };
}

/**
 * @returns undefined without files
 * @throws ConfigError for files that can't be read, or aren't what they should be
 */
export function openUpstreamTls({
  upstreamCa,
  upstreamCert,
  upstreamKey,
}: TlsFiles): UpstreamTls | undefined {
  const files = { UPSTREAM_CA: upstreamCa, UPSTREAM_CERT: upstreamCert, UPSTREAM_KEY: upstreamKey };
  if (Object.values(files).every((path) => path === undefined)) return undefined;
  const readTexts = () => Object.entries(files).map(([name, path]) => path && readText(name, path));
  if ((upstreamCert === undefined) !== (upstreamKey === undefined)) {
    throw new ConfigError(['UPSTREAM_CERT and UPSTREAM_KEY go together: set both or neither']);
  }
  let texts = readTexts();
  const secureContext = contextOf(texts);
  return {
    // A session that is resumed would go by the certificate that was shown when it began.
    connectOptions: { secureContext, ...(upstreamCert !== undefined && { maxCachedSessions: 0 }) },
    read() {
      const current = readTexts();
      if (current.join() === texts.join()) return;
      // Connections refer to the outer object.
      secureContext.context = contextOf(current).context;
      texts = current;
    },
  };
}

function readText(name: string, path: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    throw new ConfigError([`${name}: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

function contextOf([ca, cert, key]: readonly (string | undefined)[]): SecureContext {
  try {
    const own = ca === undefined ? [] : [ca];
    // A context takes no certificates of a text that has none.
    for (const text of own) assert(new X509Certificate(text));
    return tls.createSecureContext({ ca: [...tls.getCACertificates(), ...own], cert, key });
  } catch (error) {
    const names = 'UPSTREAM_CA, UPSTREAM_CERT or UPSTREAM_KEY';
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`${names}: not valid PEM, or the key is not that of the certificate: ${why}`]);
  }
}
