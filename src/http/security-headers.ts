/** For every answer. Other sites may neither embed it nor guess its type. */
const FOR_ALL = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  // Holds for requests without CORS, such as those of script and image tags.
  'cross-origin-resource-policy': 'same-origin',
};

/** For data, which loads nothing. */
export const DATA_HEADERS: Readonly<Record<string, string>> = {
  ...FOR_ALL,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/** For pages, which have a content security policy of their own. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = FOR_ALL;
