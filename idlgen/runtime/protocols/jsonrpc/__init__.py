"""JSON-RPC 2.0 (https://www.jsonrpc.org/specification): calls, notifications, batches.

`caller` is the client's face, `messages`, `requests` and `answers` the server's;
`failures` says how an error looks on the wire and `meta` what travels beside a call,
both ways. `connection_caller` and `connection_server` are what either side of a
connection knows that many calls share.
"""
