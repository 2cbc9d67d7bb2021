"""Places an order, and fails to place another.

python -m examples.order_client http://127.0.0.1:8002/rpc
"""

from __future__ import annotations

import sys
from decimal import Decimal

from generated_examples.order.client import OrderServiceClient
from generated_examples.order.errors import UnknownCustomer
from generated_examples.order.types import Currency, OrderData, OrderLine, UserId

KEYBOARDS = OrderData(
    lines=[OrderLine(sku="KB-104", quantity=2, unit_price=Decimal("19.90"))],
    currency=Currency.EUR,
)


def call(url: str) -> None:
    """Make the calls and print what came back."""
    with OrderServiceClient(url) as orders:
        order = orders.create_order(UserId(1), KEYBOARDS)
        print(f"order {order.id}: {order.customer.name} pays {order.total} EUR")
        try:
            orders.create_order(UserId(123), KEYBOARDS)
        except UnknownCustomer as error:
            print(f"refused: {error}")
        print(f"order {order.id} is {orders.cancel_order(order.id).status.value}")


if __name__ == "__main__":
    call(sys.argv[1])
