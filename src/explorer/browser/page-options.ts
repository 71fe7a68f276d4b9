import { ROOT } from './router.ts';

/** The options that the gateway has written into the page; see `ExplorerOptions`. */
export const options: {
  readonly endpoint: string;
  readonly requiresToken: boolean;
  readonly hasSampleRuns: boolean;
  // oxlint-disable-next-line no-restricted-properties -- The gateway's own text.
} = JSON.parse(document.querySelector('#options')?.textContent ?? '{}');
/** The address of GraphQL. */
export const ENDPOINT = new URL(options.endpoint, ROOT).href;
