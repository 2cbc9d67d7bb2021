"""Reads one user's data from a database on another machine.

python -m examples.database_client http://127.0.0.1:8003/rpc
"""

from __future__ import annotations

import sys

from generated_examples.database.client import DatabaseServiceClient
from generated_examples.database.errors import ReadOnly


def call(url: str, user_id: int = 1) -> None:
    """Make the calls and print what came back."""
    with DatabaseServiceClient(url) as database:
        users = database.query("SELECT * FROM users WHERE id = ?", params=[user_id])
        orders = database.query(
            "SELECT id, total FROM orders WHERE user_id = ?", params=[user_id]
        )
        print(f"user: {dict(zip(users.columns, users.rows[0], strict=True))}")
        print(f"orders: {orders.rows}")
        try:
            database.execute("DELETE FROM orders")
        except ReadOnly as error:
            print(f"refused: {error}")


if __name__ == "__main__":
    call(sys.argv[1])
