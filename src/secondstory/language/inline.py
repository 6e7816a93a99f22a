"""Blanks, inside one block, what is not the writer's own prose: code, addresses, marks, and words of others."""

from __future__ import annotations

import re

# Stands for code, an address or a quotation: a letter, so that it reads as one word to every pattern.
OPAQUE = "ª"
LONGEST_SENTENCE = 2_000
CODE = re.compile(r"`[^`]{1,500}`|<?https?://[^\s>)\]]{1,2000}>?|\bwww\.\S{1,300}")
PICTURE = re.compile(r"!\[[^\[\]]{0,300}\]\([^()]{0,800}\)")
LINK = re.compile(r"\[(?P<words>[^\[\]]{0,400})\](?P<address>\([^()]{0,800}\)|\[[^\[\]]{0,100}\])")
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
STRESS = re.compile(r"\*{1,3}|~~|(?<!\w)_{1,3}(?=\w)|(?<=\w)_{1,3}(?!\w)")
QUOTED = re.compile(
    r"\"[^\"]{1,400}\"|“[^“”]{1,400}”|«[^«»]{1,400}»|„[^„“”]{1,400}[“”]|(?<![\w'’])'[^'\n]{2,200}'(?!\w)|‘[^‘’]{2,200}’(?!\w)"
)
PLACEHOLDER = re.compile(
    r"\{\{[^{}]{0,200}\}\}|<[A-Za-z][^<>]{0,200}>|\[(?:insert|describe|your|e\.g\.|TBD)[^\[\]]{0,200}\]", re.IGNORECASE
)
# Each run of marks or blanks is entered at its beginning only, and never given back: a megabyte of them takes no longer than its length.
END = re.compile(
    r"(?<![.!?])[.!?]++[\"'”’)\]]*+\s++(?=[\"'“‘(\[@]*[A-Z0-9ª])|(?<!\s)\s{2,}+(?=[-*•]\s)|(?<=[;:])\s++(?=[-*•]\s)"
)
SHORT_FORMS = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|ca|mr|mrs|ms|dr|prof|st|no|fig|sec|inc|ltd|co|corp|jr|sr|a\.m|p\.m|u\.s|est|resp|dept)|\b[A-Z])\.\s*$",
    re.IGNORECASE,
)


def prose(text: str) -> str:
    """The block with everything else blanked, as long as before."""
    if "`" in text or "://" in text or "www." in text:
        text = CODE.sub(_opaque, text)
    if "[" in text:
        text = LINK.sub(_words_only, PICTURE.sub(_spaces, text))
    if "<" in text:
        text = TAG.sub(_spaces, text)
    if "*" in text or "_" in text or "~" in text:
        text = STRESS.sub(_spaces, text)
    return QUOTED.sub(_quoted, text)


def _opaque(found: re.Match[str]) -> str:
    return OPAQUE * len(found[0])


def _spaces(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _words_only(found: re.Match[str]) -> str:
    return f" {found['words']} " + " " * len(found["address"])


def _quoted(found: re.Match[str]) -> str:
    return found[0][0] + OPAQUE * (len(found[0]) - 2) + found[0][-1]


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence of a block begins and ends."""
    cuts = [0]
    for end in END.finditer(text):
        if not SHORT_FORMS.search(text, max(cuts[-1], end.start() - 12), end.start() + 1):
            cuts.append(end.end())
    found = []
    for begin, end_at in zip(cuts, [*cuts[1:], len(text)], strict=True):
        found += [(at, min(at + LONGEST_SENTENCE, end_at)) for at in range(begin, end_at, LONGEST_SENTENCE)]
    return found


def is_placeholder(source: str) -> bool:
    """Whether the sentence is a form still to be filled in."""
    return ("<" in source or "{{" in source or "[" in source) and PLACEHOLDER.search(source) is not None
