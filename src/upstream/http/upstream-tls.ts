import { X509Certificate } from 'node:crypto';
// A default import: Node before 22.15 has no `getCACertificates`, and couldn't say that it is too old.
import tls, { type SecureContext } from 'node:tls';
import { ConfigError } from '../../errors/config-error.ts';
import { readTextFile } from '../../runtime/read-text-file.ts';

/** Paths of PEM files. */
export interface TlsFiles {
  /** Certificates of authorities that are trusted besides Node's and NODE_EXTRA_CA_CERTS. */
  readonly upstreamCa?: string | undefined;
  /** The certificate that the gateway shows to the upstream, and its key. */
  readonly upstreamCert?: string | undefined;
  readonly upstreamKey?: string | undefined;
}

/** The certificates of connections, which can be read again. */
export type UpstreamTls = NonNullable<ReturnType<typeof openUpstreamTls>>;

/**
 * @returns undefined without files
 * @throws ConfigError for files that can't be read, or aren't what they should be
 */
export function openUpstreamTls(files: TlsFiles) {
  const { upstreamCa, upstreamCert, upstreamKey } = files;
  if ((upstreamCert === undefined) !== (upstreamKey === undefined)) {
    throw new ConfigError(['UPSTREAM_CERT and UPSTREAM_KEY go together: set both or neither']);
  }
  if (upstreamCa === undefined && upstreamCert === undefined) return undefined;
  let context = contextOf(files);
  return {
    files: [upstreamCa, upstreamCert, upstreamKey],
    /** The log message for files that can't be used. */
    failure: 'The TLS files were not read again, and the old ones count',
    /** The context that was made from the files: another object whenever they are read again. */
    get context(): SecureContext {
      return context;
    },
    /** Reads the files again. @throws ConfigError; nothing changes then */
    read(): void {
      context = contextOf(files);
    },
  };
}

function contextOf({ upstreamCa, upstreamCert, upstreamKey }: TlsFiles): SecureContext {
  try {
    // Checked here, since a context silently ignores a text without certificates.
    const authorities = textsOf(upstreamCa).filter((text) => new X509Certificate(text));
    const ca = [...tls.getCACertificates(), ...authorities];
    return tls.createSecureContext({ ca, cert: textsOf(upstreamCert)[0], key: textsOf(upstreamKey)[0] });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const expected = 'expected PEM files, and the key of the certificate';
    throw new ConfigError([`UPSTREAM_CA, UPSTREAM_CERT, UPSTREAM_KEY: ${expected}: ${why}`]);
  }
}

function textsOf(path: string | undefined): readonly string[] {
  return path === undefined ? [] : [readTextFile(path)];
}
