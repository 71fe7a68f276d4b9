import { createServer } from 'node:http';
import { createYoga } from 'graphql-yoga';
import { schema } from './schema.ts';

/** GraphQL Yoga over a Pothos schema. */
const server = createServer(createYoga({ schema }));
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${Object(server.address()).port}/`));
