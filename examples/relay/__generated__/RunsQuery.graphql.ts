/**
 * @generated SignedSource<<340e303f34c68bd70a64bcfcf126b3c9>>
 * @relayHash 7dc2b2d4b8fd5617c1a0fab9513731d1
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

// @relayRequestID 4f99721e380498e71ef576575382ceb5c775900c1ba563e44fec824859350e51

import type { ConcreteRequest } from 'relay-runtime';
import type { FragmentRefs } from "relay-runtime";
export type RunStatus = "CANCELLED" | "COMPLETED" | "CREATED" | "FAILED" | "RUNNING" | "UNRECOGNIZED" | "%future added value";
export type RunsQuery$variables = {
  agentId?: string | null | undefined;
  count: number;
  statuses?: ReadonlyArray<RunStatus> | null | undefined;
};
export type RunsQuery$data = {
  readonly " $fragmentSpreads": FragmentRefs<"RunList">;
};
export type RunsQuery = {
  response: RunsQuery$data;
  variables: RunsQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "agentId"
},
v1 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "count"
},
v2 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "statuses"
},
v3 = {
  "kind": "Variable",
  "name": "agentId",
  "variableName": "agentId"
},
v4 = {
  "kind": "Variable",
  "name": "statuses",
  "variableName": "statuses"
},
v5 = [
  (v3/*:: as any*/),
  {
    "kind": "Variable",
    "name": "first",
    "variableName": "count"
  },
  (v4/*:: as any*/)
];
return {
  "fragment": {
    "argumentDefinitions": [
      (v0/*:: as any*/),
      (v1/*:: as any*/),
      (v2/*:: as any*/)
    ],
    "kind": "Fragment",
    "metadata": null,
    "name": "RunsQuery",
    "selections": [
      {
        "args": [
          (v3/*:: as any*/),
          {
            "kind": "Variable",
            "name": "count",
            "variableName": "count"
          },
          (v4/*:: as any*/)
        ],
        "kind": "FragmentSpread",
        "name": "RunList"
      }
    ],
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [
      (v1/*:: as any*/),
      (v2/*:: as any*/),
      (v0/*:: as any*/)
    ],
    "kind": "Operation",
    "name": "RunsQuery",
    "selections": [
      {
        "alias": null,
        "args": (v5/*:: as any*/),
        "concreteType": "RunConnection",
        "kind": "LinkedField",
        "name": "runs",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "concreteType": "RunEdge",
            "kind": "LinkedField",
            "name": "edges",
            "plural": true,
            "selections": [
              {
                "alias": null,
                "args": null,
                "concreteType": "Run",
                "kind": "LinkedField",
                "name": "node",
                "plural": false,
                "selections": [
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "id",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "status",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "createdAt",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "__typename",
                    "storageKey": null
                  }
                ],
                "storageKey": null
              },
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "cursor",
                "storageKey": null
              }
            ],
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "concreteType": "PageInfo",
            "kind": "LinkedField",
            "name": "pageInfo",
            "plural": false,
            "selections": [
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "hasNextPage",
                "storageKey": null
              },
              {
                "alias": null,
                "args": null,
                "kind": "ScalarField",
                "name": "endCursor",
                "storageKey": null
              }
            ],
            "storageKey": null
          }
        ],
        "storageKey": null
      },
      {
        "alias": null,
        "args": (v5/*:: as any*/),
        "filters": [
          "statuses",
          "agentId"
        ],
        "handle": "connection",
        "key": "RunList_runs",
        "kind": "LinkedHandle",
        "name": "runs"
      }
    ]
  },
  "params": {
    "cacheID": "7dc2b2d4b8fd5617c1a0fab9513731d1",
    "id": "4f99721e380498e71ef576575382ceb5c775900c1ba563e44fec824859350e51",
    "metadata": {},
    "name": "RunsQuery",
    "operationKind": "query",
    "text": "query RunsQuery(\n  $count: Int!\n  $statuses: [RunStatus!]\n  $agentId: ID\n) {\n  ...RunList_QsZjp\n}\n\nfragment RunList_QsZjp on Query {\n  runs(first: $count, statuses: $statuses, agentId: $agentId) {\n    edges {\n      node {\n        id\n        ...RunRow\n        __typename\n      }\n      cursor\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nfragment RunRow on Run {\n  id\n  status\n  createdAt\n}\n"
  }
};
})();

(node as any).hash = "fa2ef84582c3a703bdabfc43920ed6a7";

export default node;
