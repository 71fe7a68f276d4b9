import { execFileSync } from 'node:child_process';
import { newFolder } from './new-folder.ts';

export type Authority = ReturnType<typeof createAuthority>;

/** A folder with an authority, whose certificate is in `ca.pem`. */
export function createAuthority() {
  const folder = newFolder();
  const file = (name: string): string => folder.file(name);
  const request = (name: string, subject: string, more = ''): void => {
    const kind = 'req -x509 -days 2 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256'.split(' ');
    const files = ['-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)];
    const all = [...kind, ...files, '-subj', `/CN=${subject}`, ...more.split(' ').filter(Boolean)];
    execFileSync('openssl', all, { stdio: 'pipe' });
  };
  request('ca', 'Test authority');
  const isServer = 'subjectAltName=DNS:localhost,IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE';
  const signed = `-CA ${file('ca.pem')} -CAkey ${file('ca.key')} -addext ${isServer}`;
  return {
    ...folder,
    /** Issues a certificate for a name, in `NAME.pem` and `NAME.key`. */
    issue: (name: string, commonName: string) => request(name, commonName, signed),
  };
}
