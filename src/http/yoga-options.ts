import type { YogaServerOptions } from 'graphql-yoga';
import { ID_PARAMETERS } from '../operations/persisted-documents.ts';

/** The options of Yoga that no setting changes. Plugins take the place of what is switched off here. */
export const YOGA_OPTIONS = {
  // Yoga's own ReadableStream leaves rejections of its source unhandled, which would end the process.
  fetchAPI: { ReadableStream },
  extraParamNames: [...ID_PARAMETERS],
  maskedErrors: false,
  parserAndValidationCache: false,
  logging: false,
  graphiql: false,
  landingPage: false,
  healthCheckEndpoint: ' ',
  maxRequestBodySize: false,
  multipart: false,
} satisfies YogaServerOptions<object, object>;
