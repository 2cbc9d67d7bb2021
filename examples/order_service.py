"""The order service, which asks the user service who orders.

python -m examples.order_service 8002 http://127.0.0.1:8001/rpc
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from decimal import Decimal

from msgspec import structs

from examples.serving import serve
from generated_examples.order.errors import EmptyOrder, OrderNotFound, UnknownCustomer
from generated_examples.order.server import OrderService
from generated_examples.order.types import (
    Customer,
    Order,
    OrderData,
    OrderId,
    OrderStatus,
    UserId,
)
from generated_examples.user.client import AsyncUserServiceClient
from generated_examples.user.errors import UserNotFound


class OrdersInMemory(OrderService):
    """Keeps orders in memory, and a copy of who the customer was."""

    def __init__(self, users: AsyncUserServiceClient) -> None:
        self._users = users
        self._orders: dict[OrderId, Order] = {}

    async def create_order(self, user_id: UserId, order_data: OrderData) -> Order:
        lines = order_data.lines
        if not lines:
            raise EmptyOrder
        order = Order(
            customer=await self._customer(user_id),
            id=OrderId(len(self._orders) + 1),
            lines=lines,
            currency=order_data.currency,
            total=sum((line.quantity * line.unit_price for line in lines), Decimal()),
            status=OrderStatus.PLACED,
            note=order_data.note,
            placed_at=datetime.now(UTC),
        )
        self._orders[order.id] = order
        return order

    async def get_order(self, id: OrderId) -> Order:
        if id not in self._orders:
            raise OrderNotFound(id=id)
        return self._orders[id]

    async def list_orders(
        self, user_id: UserId, *, status: OrderStatus | None = None
    ) -> list[Order]:
        return [
            order
            for order in reversed(self._orders.values())
            if order.customer.id == user_id and status in (None, order.status)
        ]

    async def cancel_order(self, id: OrderId) -> Order:
        order = await self.get_order(id)
        self._orders[id] = structs.replace(order, status=OrderStatus.CANCELLED)
        return self._orders[id]

    async def _customer(self, id: UserId) -> Customer:
        try:
            user = await self._users.get_user_by_id(id)
        except UserNotFound as error:
            raise UnknownCustomer(user_id=id) from error
        return Customer(id=id, name=user.name, email=user.email)


async def main(port: int, users_url: str) -> None:
    """Serve orders of the users at `users_url`."""
    async with AsyncUserServiceClient(users_url) as users:
        await serve(OrdersInMemory(users), port)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
