"""The told example: an invented company's incident, brought in the way anybody would bring theirs in."""

from __future__ import annotations

from secondstory.people import changes
from secondstory.people.models import Person

CAST = [
    ("Bo Lindqvist", "bo@lantern.example"),
    ("Ana Ferreira", "ana@lantern.example"),
    ("Cleo Marsh", "cleo@lantern.example"),
    ("Dov Adler", "dov@lantern.example"),
    ("Eve Okafor", "eve@lantern.example"),
]


def tell_the_example() -> None:
    """Fill an empty copy."""
    for name, email in CAST:
        changes.add_person(email=email, name=name, password=None, is_administrator=email.startswith("eve"))
        Person.objects.get(email=email)
