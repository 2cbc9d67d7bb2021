"""The numbers of statuses: gRPC's, and the JSON-RPC codes made of them."""

from __future__ import annotations

from idlgen.model import Status

# `Status` lists them in the order of grpc/status.h, which numbers them from 1.
JSON_RPC_CODES = {status: -32000 - n for n, status in enumerate(Status, start=1)}
