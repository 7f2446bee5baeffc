"""The desk: what waits together, and what ends a request."""

from __future__ import annotations

import asyncio
import threading

import pytest

from lakescan.jobs.reading import Question, read_texts
from lakescan.policy import Policy
from lakescan.service import desk as module
from lakescan.service.desk import CrowdedError, Desk, PanicError
from lakescan.service.meters import Meters

POLICY = Policy(accuracy_mode="patterns")
CARD = "card 4111 1111 1111 1111"


def run(what, most=100):
    """Run a coroutine with a desk of one worker."""

    async def main():
        desk = Desk(POLICY, 1, most, Meters())
        try:
            return await what(desk)
        finally:
            await asyncio.to_thread(desk.close)

    return asyncio.run(main())


def test_each_gets_the_answer_to_its_own_question():
    questions = [
        Question((CARD, ""), None),
        Question((f"{CARD} ann@example.com",), frozenset({"EMAIL_ADDRESS"})),
        Question((f"call 202-555-0142, {CARD}",), unsettled=True),
        Question(("",)),
    ]
    alone = [read_texts([each], POLICY)[0] for each in questions]
    assert read_texts(questions, POLICY) == alone

    async def all_at_once(desk):
        return await asyncio.gather(*(desk.ask(each) for each in questions))

    assert run(all_at_once) == alone


def test_a_question_that_fails_spoils_no_other(monkeypatch):
    def fragile(questions, policy):
        if any("poison" in text for each in questions for text in each.texts):
            raise BaseException  # as a panic in Rust comes  # noqa: TRY002
        return read_texts(questions, policy)

    monkeypatch.setattr(module, "read_texts", fragile)

    async def mixed(desk):
        asked = [Question((text,)) for text in (CARD, "poison", CARD)]
        return await asyncio.gather(*map(desk.ask, asked), return_exceptions=True)

    first, second, third = run(mixed)
    assert [each.entity for each in first[0]] == ["CREDIT_CARD"]
    assert isinstance(second, PanicError)
    assert third == first


def test_too_many_are_told_to_come_again():
    async def crowd(desk):
        asked = [Question((f"{CARD} {n}",)) for n in range(50)]
        return await asyncio.gather(*map(desk.ask, asked), return_exceptions=True)

    answers = run(crowd, most=10)
    refused = [each for each in answers if isinstance(each, CrowdedError)]
    assert 0 < len(refused) <= 40
    assert len(refused) < len(answers)


def test_an_asker_who_has_gone_is_passed_over():
    async def leaves(desk):
        asked = [asyncio.create_task(desk.ask(Question((f"{CARD} {n}",)))) for n in range(5)]
        await asyncio.sleep(0)
        asked[3].cancel()
        return await asyncio.gather(*asked, return_exceptions=True)

    answers = run(leaves)
    assert isinstance(answers[3], asyncio.CancelledError)
    assert all(len(each[0]) == 1 for at, each in enumerate(answers) if at != 3)


def test_who_asks_on_at_once_is_answered():
    async def asks_on(desk):
        async with asyncio.timeout(60):
            return [await desk.ask(Question((f"{CARD} {n}",))) for n in range(5)]

    assert [len(answer[0]) for answer in run(asks_on)] == [1] * 5


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("y")])
def test_errors_of_other_work_come_through(error):
    def work():
        raise error

    async def fails(desk):
        await desk.run(work)

    with pytest.raises(type(error)):
        run(fails)


def test_a_pass_that_hangs_holds_nobody_up(monkeypatch):
    gone = threading.Event()

    def hanging(questions, policy):
        if any("hang" in text for each in questions for text in each.texts):
            gone.wait()
        return read_texts(questions, policy)

    monkeypatch.setattr(module, "read_texts", hanging)

    async def beside(desk):
        stuck = [asyncio.create_task(desk.ask(Question(("hang",), lookers=each)))
                 for each in ("all", "detectors")]  # fmt: skip
        try:
            await asyncio.sleep(0)
            answers = await asyncio.gather(*(desk.ask(Question((CARD,))) for _ in range(5)))
            assert not any(each.done() for each in stuck)
        finally:
            gone.set()
        assert await asyncio.gather(*stuck) == [[[]], [[]]]
        return [*answers, await desk.ask(Question((CARD,)))]

    assert run(beside) == [read_texts([Question((CARD,))], POLICY)[0]] * 6
