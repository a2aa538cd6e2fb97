"""Every pair of colours that stands on each other can be told apart: WCAG 2.2, 4.5 for text and 3 for shapes."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "web" / "static" / "css"
TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", (CSS / "tokens.css").read_text("utf-8")))

TEXT = [
    ("ink", "paper"), ("ink", "ground"), ("ink-2", "paper"), ("ink-2", "ground"), ("ink-2", "brand-tint"),
    ("brand", "paper"), ("brand", "ground"), ("brand", "brand-tint"), ("brand-dark", "paper"), ("brand-dark", "ground"),
    ("brand-dark", "brand-tint"), ("paper", "brand"), ("paper", "brand-dark"), ("paper", "ink"), ("on-ink", "ink"),
    ("good", "paper"), ("good", "ground"), ("good", "brand-tint"), ("warn", "warn-tint"),
    ("bad", "bad-tint"), ("bad", "paper"), ("bad", "ground"), ("paper", "bad"), ("info", "info-tint"),
    ("ink", "warn-tint"), ("ink", "bad-tint"), ("ink", "good-tint"), ("ink", "info-tint"), ("ink-2", "warn-tint"),
    ("brand", "warn-tint"), ("brand", "good-tint"), ("brand", "info-tint"), ("brand", "bad-tint"),
    ("ink", "d1"), ("ink", "d2"), ("ink", "d3"), ("paper", "d4"), ("paper", "d5"),
    ("ink", "s0"), ("ink", "s1"), ("ink", "s2"), ("ink", "s3"),
]  # fmt: skip
SHAPES = [
    ("line-strong", "paper"), ("line-strong", "ground"), ("brand", "ground"), ("brand", "d2"), ("ink", "d2"),
    ("ink", "focus"), ("warn-line", "warn-tint"), ("good", "good-tint"), ("bad", "bad-tint"), ("info", "info-tint"),
    ("ink", "paper"), ("ink", "ground"), ("ink", "brand-tint"), ("good", "warn-tint"), ("info", "warn-tint"),
]  # fmt: skip
SPEAKING_PROPERTIES = re.compile(r"(?:^|[;{ ])(color|background|background-color): var\(--([\w-]+)\)")


@pytest.mark.parametrize(("upper", "lower"), TEXT)
def test_text_can_be_read(upper, lower):
    assert ratio(upper, lower) >= 4.5


@pytest.mark.parametrize(("upper", "lower"), SHAPES)
def test_shapes_can_be_told_apart(upper, lower):
    assert ratio(upper, lower) >= 3


def test_every_colour_a_rule_sets_together_with_its_ground_is_in_the_list():
    checked = {frozenset(pair) for pair in TEXT + SHAPES}
    unchecked = set()
    for sheet in CSS.glob("*.css"):
        for rule in re.findall(r"\{([^{}]*)\}", sheet.read_text("utf-8")):
            said = dict(SPEAKING_PROPERTIES.findall(rule))
            lower = said.get("background") or said.get("background-color")
            if "color" in said and lower in TOKENS and frozenset((said["color"], lower)) not in checked:
                unchecked.add((sheet.name, said["color"], lower))
    assert unchecked == set()


def test_a_failing_pair_would_be_noticed():
    assert ratio("line", "paper") < 3


def ratio(upper: str, lower: str) -> float:
    lighter, darker = sorted((luminance(TOKENS[upper]), luminance(TOKENS[lower])), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
