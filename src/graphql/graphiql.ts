import type { GraphiQLOptions } from 'graphql-yoga';

const HELP = `# Runs of AI agents, a page at a time.
# Ctrl-Enter runs this, Ctrl-Space completes, the
# book on the left explains. More in the other tabs.
`;

const NEWEST_RUNS = `${HELP}
query NewestRuns {
  runs(first: 5) {
    edges {
      cursor
      node {
        id
        status
        stopReason
        createdAt
        totalDurationNs
        agentId
        metadata
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;

const FAILED_RUNS_OF_ONE_AGENT = `# What went wrong lately for the agent that ran last.
# Of an agent you know: runs(agentId: "agent-…", …).
query FailedRunsOfOneAgent {
  runs(first: 1) {
    nodes {
      agent {
        id
        runs(first: 5, statuses: [FAILED]) {
          nodes {
            id
            stopReason
            createdAt
            metadata
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
}
`;

const PAGING_BACKWARD = `# From the end of the list towards its start. For the
# page ahead of this one, give its startCursor below:
# { "before": "…" }. The order of runs stays the same.
query PagingBackward($before: String) {
  runs(last: 5, before: $before) {
    nodes {
      id
      createdAt
      status
    }
    pageInfo {
      hasPreviousPage
      startCursor
    }
  }
}
`;

/** What a browser finds at the GraphQL endpoint: three examples in tabs, and a line of help. */
export const graphiqlOptions: GraphiQLOptions = {
  title: 'runs-gateway',
  defaultTabs: [NEWEST_RUNS, FAILED_RUNS_OF_ONE_AGENT, PAGING_BACKWARD].map((query) => ({ query })),
  defaultEditorToolsVisibility: false,
  shouldPersistHeaders: false,
};

let page: Promise<string> | undefined;

/**
 * The page, with all its scripts in it: no browser has to fetch anything from elsewhere. It weighs
 * megabytes, so its module is loaded when the first browser comes.
 */
export function renderGraphiqlPage(options: GraphiQLOptions | undefined): Promise<string> {
  page ??= import('@graphql-yoga/render-graphiql').then(({ renderGraphiQL }) => renderGraphiQL(options));
  return page;
}
