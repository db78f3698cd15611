"""What an explorer and its browser tell each other is what course_lib/overlay.schema.json says."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from test_explorers import MAKERS, counting, ends

from course_lib.overlay import Explorer

SCHEMA = json.loads(
    (Path(__file__).parents[1] / "course_lib/overlay.schema.json").read_text(encoding="utf-8")
)
TRAITS = set(Explorer.class_own_traits(sync=True)) - {"_esm", "_css"}


def validate(kind: str, message: Any) -> None:
    """Raise ValidationError unless JSON carries the message as one of its kind."""
    schema = {"$ref": f"#/$defs/{kind}", "$defs": SCHEMA["$defs"]}
    carried = json.loads(json.dumps(message, allow_nan=False))
    Draft202012Validator(schema).validate(carried)


def state_of(explorer: Explorer) -> dict[str, Any]:
    return {name: getattr(explorer, name) for name in TRAITS - {"stage"}}


@pytest.fixture
def frames(monkeypatch) -> list[dict[str, Any]]:
    """What an explorer sends, of which no frame may break the contract."""
    frames: list[dict[str, Any]] = []

    def send(self: Explorer, frame: dict[str, Any], buffers: list[bytes]) -> None:
        validate("Frame", frame)
        assert len(buffers) == len(self.actors)
        frames.append(json.loads(json.dumps(frame)))

    monkeypatch.setattr(Explorer, "send", send)
    return frames


def test_the_contract_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", MAKERS)
def test_every_explorer_sends_what_the_contract_says(name, frames):
    explorer = MAKERS[name]()
    validate("State", state_of(explorer))
    questions = [{}] + [{"knobs": {one.name: ends(one)[0]}} for one in explorer._controls]
    for question in questions:
        validate("Question", question)
        explorer._receive(None, question, [])
    assert len(frames) == len(questions)
    assert set(frames[-1]["knobs"]) == {spec["name"] for spec in explorer.controls}
    # A question may send back any value that a frame or a control has named.
    validate("Question", {"knobs": frames[-1]["knobs"]})
    validate("Question", {"knobs": {spec["name"]: spec["value"] for spec in explorer.controls}})


def test_a_run_sends_what_the_contract_says(frames):
    explorer, _ = counting()
    validate("State", state_of(explorer))
    validate("Question", {"run": True})
    explorer.run()
    assert [frames[0]["running"], frames[-1]["running"]] == [True, False]


SPOILED_FRAMES = [
    {"unknown": 1},
    {"done": 1.5},
    {"words": {"headline": "Alone."}},
    {"knobs": {"level": None}},
    {"knobs": {"level": [1, 2, 3]}},
]
SPOILED_SPECS = [{"unknown": 1}, {"kind": "Wheel"}, {"bound": "0"}, {"value": [1, 2]}]


@pytest.mark.parametrize("spoiled", SPOILED_FRAMES, ids=str)
def test_a_frame_that_breaks_the_contract_is_refused(spoiled, frames):
    explorer, _ = counting()
    explorer._receive(None, {}, [])
    with pytest.raises(ValidationError):
        validate("Frame", frames[0] | spoiled)


@pytest.mark.parametrize("spoiled", SPOILED_SPECS, ids=str)
def test_a_control_that_breaks_the_contract_is_refused(spoiled):
    explorer, _ = counting()
    sound = state_of(explorer)
    with pytest.raises(ValidationError):
        validate("State", sound | {"controls": [sound["controls"][0] | spoiled]})


def test_a_trait_that_the_contract_lacks_is_refused():
    explorer, _ = counting()
    with pytest.raises(ValidationError):
        validate("State", state_of(explorer) | {"unknown": 1})


def test_a_number_that_json_cannot_carry_is_refused(frames):
    explorer, _ = counting()
    explorer._receive(None, {}, [])
    with pytest.raises(ValueError, match="JSON"):
        validate("Frame", frames[0] | {"done": float("nan")})


@pytest.mark.parametrize("question", [{"unknown": 1}, {"run": "now"}, {"knobs": [0.5]}], ids=str)
def test_a_question_that_breaks_the_contract_is_refused(question):
    with pytest.raises(ValidationError):
        validate("Question", question)
