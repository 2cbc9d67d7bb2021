"""JSON-RPC 2.0 (https://www.jsonrpc.org/specification): calls and notifications.

`caller` is the client's face, `requests` and `answers` the server's; `failures` says
how an error looks on the wire, both ways. Batches are refused and streams unknown until
they are built: both are other readers of the same messages.
"""
