"""Reads failed runs, the messages of one run, and the code of an error: by ariadne-codegen, and by gql."""

import asyncio
import json
import sys
from pathlib import Path

from gql import Client as GqlClient
from gql import gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.exceptions import TransportQueryError
from graphql import build_schema, parse, validate
from runs_client import Client
from runs_client.exceptions import GraphQLClientGraphQLMultiError


async def by_ariadne(url: str, run_id: str) -> dict:
    async with Client(url) as client:
        failed = await client.failed_runs()
        messages = await client.messages(id=run_id)
        nodes = messages.run.messages.nodes
        try:
            await client.failed_runs(after="nowhere")
            code = None
        except GraphQLClientGraphQLMultiError as failure:
            [code] = [error.extensions["code"] for error in failure.errors]
        return {
            "failed": failed.model_dump(mode="json", by_alias=True),
            "messages": messages.model_dump(mode="json", by_alias=True),
            "texts": [node.text for node in nodes if node.typename__ == "RunAssistantMessage"],
            "code": code,
        }


async def by_gql(url: str, run_id: str) -> dict:
    schema = build_schema(Path("schema.graphql").read_text())
    problems = validate(schema, parse(Path("whole.graphql").read_text()))
    if problems:
        raise problems[0]
    document = Path("operations.graphql").read_text()
    failed_runs, messages = [gql(text) for text in document.split("\n\n")]
    async with GqlClient(schema=schema, transport=AIOHTTPTransport(url)) as session:
        failed = await session.execute(failed_runs)
        found = await session.execute(messages, variable_values={"id": run_id})
        nodes = found["run"]["messages"]["nodes"]
        try:
            await session.execute(failed_runs, variable_values={"after": "nowhere"})
            code = None
        except TransportQueryError as failure:
            [code] = [error["extensions"]["code"] for error in failure.errors]
        return {
            "failed": failed,
            "messages": found,
            "texts": [node["text"] for node in nodes if node["__typename"] == "RunAssistantMessage"],
            "code": code,
        }


async def main() -> None:
    results = [await read(*sys.argv[1:]) for read in (by_ariadne, by_gql)]
    print(json.dumps(results))


asyncio.run(main())
