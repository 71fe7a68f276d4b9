/** The settings with access tokens, of which each entry is a token, or `label:token`. */
export interface AccessTokenSettings {
  readonly accessTokens: readonly string[];
  readonly readOnlyAccessTokens: readonly string[];
}

/** A label before the first colon, and a token. */
const LABELLED = /^([A-Za-z0-9._-]{1,40}):(.+)$/;

/** Returns the tokens of both settings, each with its label, if it has one, and whether it is read-only. */
export function readAccessTokens(settings: AccessTokenSettings) {
  return [
    ...settings.accessTokens.map((entry) => readAccessToken(entry, false)),
    ...settings.readOnlyAccessTokens.map((entry) => readAccessToken(entry, true)),
  ];
}

/** @returns `label`: the name of its caller, for the log and the metrics */
function readAccessToken(entry: string, isReadOnly: boolean) {
  const [, label, token = entry] = LABELLED.exec(entry) ?? [];
  return { label, token, isReadOnly };
}

/** Returns a problem for each token that is listed twice. It names the token by its label, and never shows it. */
export function repeatedTokens(settings: AccessTokenSettings): readonly string[] {
  const names = new Map<string, string>();
  return readAccessTokens(settings).flatMap(({ label, token }) => {
    const name = label ?? 'a token without a label';
    const first = names.get(token);
    names.set(token, first ?? name);
    if (first === undefined) return [];
    const both = first === name ? `${name} is listed twice` : `${first} and ${name} are the same token`;
    return [`ACCESS_TOKENS, READ_ONLY_ACCESS_TOKENS: ${both}; list each token once`];
  });
}
