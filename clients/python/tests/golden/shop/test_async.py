import asyncio

import pytest
from test_shop import place_order


@pytest.mark.asyncio
async def test_an_order_is_confirmed(async_mailbox):
    await asyncio.to_thread(place_order, async_mailbox.smtp, "ann@app.test", "Your odrer #42")

    await async_mailbox.wait(to="ann@app.test", subject="Your order", timeout=0.2)


@pytest.mark.asyncio
async def test_the_loop_is_held_up(mailbox):
    mailbox.wait(to="ann@app.test", subject="No such order", timeout=0.05)
