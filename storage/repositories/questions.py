"""Questions of activities. The first answer wins, by one statement."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, insert, select, update

from purchasing.activities import Question
from purchasing.words import QuestionState
from storage.repositories.base import Repository, grouped, record
from storage.tables import question, question_line

_OPEN = question.c.state == QuestionState.OPEN


class SqlQuestions(Repository):
    def ask(
        self,
        activity_id: int,
        kind: str,
        answers: Sequence[str],
        params: Mapping[str, str],
        line_ids: Sequence[int],
        now: datetime,
    ) -> Question:
        values = {
            "activity_id": activity_id,
            "kind": kind,
            "answers": tuple(answers),
            "params": tuple(params.items()),
            "state": QuestionState.OPEN,
            "asked_at": now,
        }
        question_id = self._value(insert(question).values(values).returning(question.c.id))
        self.add_lines(question_id, line_ids)
        return self._load(select(question).where(question.c.id == question_id))[0]

    def get(self, question_id: int) -> Question | None:
        found = self._load(select(question).where(question.c.id == question_id))
        return found[0] if found else None

    def of_activity(self, activity_id: int) -> list[Question]:
        return self._load(select(question).where(question.c.activity_id == activity_id).order_by(question.c.id))

    def open(self) -> list[Question]:
        return self._load(select(question).where(_OPEN).order_by(question.c.id))

    def answer(self, question_id: int, answer: str, by: int, now: datetime) -> bool:
        values = {"state": QuestionState.ANSWERED, "answer": answer, "answered_by": by, "answered_at": now}
        return self._run(update(question).where(question.c.id == question_id, _OPEN).values(values)) == 1

    def add_lines(self, question_id: int, line_ids: Sequence[int]) -> None:
        if not line_ids:
            return
        of_question = question_line.c.question_id == question_id
        first = int(self._value(select(func.count()).select_from(question_line).where(of_question)))
        rows = [{"question_id": question_id, "line_id": n, "position": i} for i, n in enumerate(line_ids, first)]
        self._run_many(self._insert(question_line).on_conflict_do_nothing(), rows)

    def answer_line(self, question_id: int, line_id: int, answer: str) -> bool:
        still_open = exists().where(question.c.id == question_id, _OPEN)
        where = question_line.c.question_id == question_id, question_line.c.line_id == line_id
        first = update(question_line).where(*where, question_line.c.answer == "", still_open)
        return self._run(first.values(answer=answer)) == 1

    def withdraw(self, activity_id: int, now: datetime) -> list[int]:
        values = {"state": QuestionState.WITHDRAWN, "answered_at": now}
        withdrawn = update(question).where(question.c.activity_id == activity_id, _OPEN).values(values)
        return list(self._column(withdrawn.returning(question.c.id)))

    def _load(self, questions: Select[Any]) -> list[Question]:
        rows = self._rows(questions)
        if not rows:
            return []
        wanted = question_line.c.question_id.in_([row["id"] for row in rows])
        lines = grouped(
            self._rows(select(question_line).where(wanted).order_by(question_line.c.position)), "question_id"
        )
        return [
            record(
                Question,
                row,
                line_ids=tuple(line["line_id"] for line in lines.get(row["id"], ())),
                line_answers=tuple((x["line_id"], x["answer"]) for x in lines.get(row["id"], ()) if x["answer"]),
            )
            for row in rows
        ]
