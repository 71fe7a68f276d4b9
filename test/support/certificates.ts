import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Whether `openssl` is installed, which makes the certificates. */
export const HAS_OPENSSL = (() => {
  try {
    return execFileSync('openssl', ['version'], { stdio: ['ignore', 'pipe', 'ignore'] }).length > 0;
  } catch {
    return false;
  }
})();

/** A folder with an authority, whose certificate is in `ca.pem`. */
export interface Authority extends Disposable {
  /** Returns the path of a file in the folder. */
  file(name: string): string;
  /** Issues a certificate for a name, in `NAME.pem` and `NAME.key`. */
  issue(name: string, commonName: string): void;
}

export function createAuthority(): Authority {
  const folder = mkdtempSync(path.join(tmpdir(), 'certificates-'));
  const file = (name: string): string => path.join(folder, name);
  const request = (name: string, subject: string, ...more: string[]): void => {
    const key = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      file(`${name}.key`),
    ];
    execFileSync(
      'openssl',
      ['req', '-x509', ...key, '-out', file(`${name}.pem`), '-subj', `/CN=${subject}`, '-days', '2', ...more],
      { stdio: 'pipe' },
    );
  };
  request('ca', 'Test authority');
  return {
    file,
    issue: (name, commonName) =>
      request(
        name,
        commonName,
        '-CA',
        file('ca.pem'),
        '-CAkey',
        file('ca.key'),
        '-addext',
        'subjectAltName=DNS:localhost,IP:127.0.0.1',
        '-addext',
        'basicConstraints=critical,CA:FALSE',
      ),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
