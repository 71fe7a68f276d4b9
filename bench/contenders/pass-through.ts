import { Pool } from 'undici';
import { serve } from '../harness/serve.ts';
import { UPSTREAM_URL } from './upstream-runs.ts';

/** A proxy: the REST list as it comes, not a byte looked at. The least that a hop can cost. */
const upstream = new Pool(UPSTREAM_URL);

serve(async (request, response) => {
  const { statusCode, headers, body } = await upstream.request({
    method: 'GET',
    path: request.url ?? '/',
  });
  response.writeHead(statusCode, {
    'content-type': String(headers['content-type']),
    'content-length': String(headers['content-length']),
  });
  body.pipe(response);
});
