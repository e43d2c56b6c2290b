"""The least that makes calls side by side: `python bare_calls.py ENDPOINT CALLS.json PARALLEL`, aiobotocore and nothing else."""

import asyncio
import json
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from aiobotocore.session import get_session


async def main(endpoint: str, calls: list[dict[str, Any]], parallel: int) -> int:
    session, slots = get_session(), asyncio.Semaphore(parallel)
    async with AsyncExitStack() as stack:
        clients = {
            service: await stack.enter_async_context(session.create_client(service, endpoint_url=endpoint))
            for service in dict.fromkeys(call["service"] for call in calls)
        }

        async def one(call: dict[str, Any]) -> bool:
            async with slots:
                answer = await getattr(clients[call["service"]], call["method"])(**call["params"])
            return bool(answer["ResponseMetadata"]["HTTPStatusCode"] < 300)

        return sum(await asyncio.gather(*(one(call) for call in calls)))


if __name__ == "__main__":
    print(asyncio.run(main(sys.argv[1], json.loads(Path(sys.argv[2]).read_text()), int(sys.argv[3]))))
