import { createHmac } from 'node:crypto';
import { createInlineSigningKeyProvider, useJWT } from '@graphql-yoga/plugin-jwt';

/** The plugin that lets callers in whose tokens are signed by `key`. */
export const jwtPlugin = () =>
  useJWT({
    signingKeyProviders: [createInlineSigningKeyProvider('key')],
    tokenVerification: { algorithms: ['HS256'] },
  });

/** A token that is signed by a key. */
export function tokenOf(claims: object, key: string): string {
  const [head, body] = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signature = createHmac('sha256', key).update(`${head}.${body}`).digest('base64url');
  return `${head}.${body}.${signature}`;
}
