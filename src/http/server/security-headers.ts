/** For every answer. Other sites may neither embed it nor guess its type. */
export const DATA_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  // Holds for requests without CORS, such as those of script and image tags.
  'cross-origin-resource-policy': 'same-origin',
  // Nobody between the caller and the gateway may keep what it was answered.
  'cache-control': 'no-store',
  // Data loads nothing. GraphiQL has a policy of its own.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};
