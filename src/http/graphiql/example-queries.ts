/** The operations in the tabs of GraphiQL, for those who open it for the first time. */
export const EXAMPLE_QUERIES = [
  `# Runs of AI agents, a page at a time.
# Ctrl-Enter runs the query, Ctrl-Space
# completes, and the book opens the docs.
# More examples are in the other tabs.

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
`,
  `# Recent failures of the agent that ran last.
# For another: runs(agentId: "agent-…", …).

query FailedRunsOfOneAgent {
  runs(first: 1) {
    nodes {
      agent {
        id
        name
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
`,
  `# Why the newest failed run failed: what its
# steps cost, and what was said and called.
# See stopReason, errorType and stderr.

query WhatHappenedInAFailedRun {
  runs(first: 1, statuses: [FAILED]) {
    nodes {
      id
      stopReason
      usage {
        totalTokens
        stepCount
      }
      steps(last: 3) {
        nodes {
          index
          status
          model
          errorType
          errorData
        }
      }
      messages(last: 10) {
        nodes {
          messageType
          date
          isError
          ... on RunContentMessage {
            text
          }
          ... on RunReasoningMessage {
            reasoning
          }
          ... on RunToolCallMessage {
            toolCalls {
              name
              arguments
            }
          }
          ... on RunToolReturnMessage {
            toolReturns {
              status
              content
              stderr
            }
          }
        }
        pageInfo {
          hasPreviousPage
          startCursor
        }
      }
    }
  }
}
`,
  `# Pages from the end of the list to its start.
# For the page before, pass this one's
# startCursor as a variable: { "before": "…" }.
# The order of the runs stays the same.

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
`,
  `# Runs as they change, until you press Stop.
# To go on later without a gap, select cursor
# and pass the last one: runEvents(after: "…").

subscription RunsAsTheyChange {
  runEvents {
    kind
    run {
      id
      status
      stopReason
      agentId
      createdAt
      completedAt
    }
  }
}
`,
];
