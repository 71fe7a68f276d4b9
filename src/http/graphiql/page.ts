/** What the page is made of. */
export interface PageOptions {
  readonly title: string;
  /** The addresses of style sheets and scripts, in order. */
  readonly styles: readonly string[];
  readonly scripts: readonly string[];
  /** Read by `browser/start.js`. */
  readonly options: object;
}

/** Writes the page of GraphiQL, which holds no script that is executed. */
export function graphiqlPage({ title, styles, scripts, options }: PageOptions): string {
  const links = styles.map((address) => `<link rel="stylesheet" href="${address}">`);
  const sources = scripts.map((address) => `<script defer src="${address}"></script>`);
  // Nothing in a text can end the element that holds it.
  const json = JSON.stringify(options).replaceAll('<', String.raw`\u003c`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
${links.join('\n')}
<script type="application/json" id="options">${json}</script>
${sources.join('\n')}
</head>
<body>
<noscript>GraphiQL needs JavaScript. Without it, send queries by POST.</noscript>
<form id="token" hidden>
<label for="token-value">This gateway needs an access token:</label>
<input id="token-value" type="password" autocomplete="off" spellcheck="false" required>
<button>Use it</button>
<small>It is sent as <code>Authorization: Bearer …</code>, and forgotten when this tab is closed.</small>
<output></output>
</form>
<main id="graphiql"></main>
</body>
</html>
`;
}
