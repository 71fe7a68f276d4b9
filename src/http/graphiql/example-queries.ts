import type { GraphiQLOptions } from 'graphql-yoga';

const HELP = `# Runs of AI agents, a page at a time. Ctrl-Enter
# runs the query, Ctrl-Space completes, the book on the
# left opens the docs. More examples in the other tabs.
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

const FAILED_RUNS_OF_ONE_AGENT = `# Recent failures of the agent that ran last.
# For another agent: runs(agentId: "agent-…", …).
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

const PAGING_BACKWARD = `# Pages from the end of the list to its start. For the
# previous page, pass this page's startCursor below:
# { "before": "…" }. The order of the runs stays the same.
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

/** Options of the GraphiQL page: three example queries in tabs. */
export const graphiqlOptions: GraphiQLOptions = {
  title: 'runs-gateway',
  defaultTabs: [NEWEST_RUNS, FAILED_RUNS_OF_ONE_AGENT, PAGING_BACKWARD].map((query) => ({ query })),
  defaultEditorToolsVisibility: false,
  shouldPersistHeaders: false,
};

let page: Promise<string> | undefined;

/**
 * Renders the page with all its scripts inline, so that browsers load nothing from elsewhere. It has
 * several megabytes, so its module is imported on first use.
 */
export function renderGraphiqlPage(options: GraphiQLOptions | undefined): Promise<string> {
  page ??= import('@graphql-yoga/render-graphiql').then(({ renderGraphiQL }) => renderGraphiQL(options));
  return page;
}
