"""Starts the user service in a process of its own, calls it, and stops it: `make demo`."""

from __future__ import annotations

import asyncio
import subprocess
import sys

from examples import user_client

SERVICE = (sys.executable, "-m", "examples.user_service", "0")


def main() -> None:
    """Print what the calls returned; the service ends with this."""
    with subprocess.Popen(SERVICE, stdout=subprocess.PIPE, text=True) as service:
        try:
            assert service.stdout is not None
            url = service.stdout.readline().strip()
            if not url:
                sys.exit("the service did not start")
            print(f"process {service.pid} serves {url}")
            user_client.call(url)
            asyncio.run(user_client.call_async(url))
        finally:
            service.terminate()


if __name__ == "__main__":
    main()
