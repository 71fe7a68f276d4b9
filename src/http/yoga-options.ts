import { Request as YogaRequest } from '@whatwg-node/fetch';
import type { YogaServerOptions } from 'graphql-yoga';
import { ID_PARAMETERS } from '../operations/persisted-documents.ts';

/** A request whose address is not parsed, which Yoga does for each: only plugins of users may want it. */
export class UnparsedRequest extends YogaRequest {
  // oxlint-disable-next-line class-methods-use-this -- Yoga reads it.
  get parsedUrl(): undefined {
    return undefined;
  }
}

/** The options of Yoga that no setting changes. What is off here, plugins do. */
export const YOGA_OPTIONS = {
  // Yoga's own leaves the rejections of its source unhandled, which would end the process.
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
