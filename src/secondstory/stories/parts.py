"""Stories, their parts, and who holds which part."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from secondstory.access.ids import new_id
from secondstory.access.questions import Question
from secondstory.access.rows import Guarded, Rows, guarded
from secondstory.people.models import unshared_sealed
from secondstory.reviews.models import Review, WorkshopRows
from secondstory.reviews.taking_part import takes_part
from secondstory.stories.rules import bound, list_of
from secondstory.texts.models import Text

PERSON: Any = settings.AUTH_USER_MODEL


def may_open_stories(person: Any) -> bool:
    """Signed in, and by a browser or a token that was given leave for stories."""
    known = person.is_authenticated and person.is_active and not person.sees_only_published
    return bool(known and person.may_open_stories)


class StoryRows(Rows["Story"]):
    """A story is its author's; what others may read of it are parts."""

    def visible_to(self, person: Any) -> Self:
        return self.filter(author_id=person.pk, review__deleted_at=None) if may_open_stories(person) else self.none()


class Story(models.Model):
    """One person's account of one review. That it was begun is known to its author alone."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    # "Not now": the home page no longer asks. Known to the author alone.
    set_aside_at = models.DateTimeField(null=True)

    objects: ClassVar[Guarded[StoryRows]] = guarded(StoryRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["created_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "author"], name="one_story_each"),
        ]


class GrantRows(Rows["Grant"]):
    """Grants are read by the author of the part, as the log of who had access."""

    def visible_to(self, person: Any) -> Self:
        return self.filter(part__in=Part.objects.visible_to(person).own_of(person))

    def standing(self) -> Self:
        return self.filter(until=None)

    def counting(self) -> Self:
        """Grants that count now: the holder had the role before the grant, and without a break since."""
        row = {"review": "part__review_id", "person": "person_id", "role": "role", "at": "at"}
        return self.standing().filter(HasHeldTheRole(row, now=timezone.now()))


class HasHeldTheRole(Question):
    """Whether a person took part in a review, in the role somebody holds something by, when they were given it and ever since."""

    asks = (
        "EXISTS(SELECT 1 FROM reviews_participation held INNER JOIN people_person holder ON holder.id = held.person_id"
        " WHERE held.review_id = {review} AND held.person_id = {person} AND held.since <= {at}"
        " AND held.left_at IS NULL AND (held.until IS NULL OR held.until > {now})"
        " AND (({role} = 'guest' AND holder.is_guest) OR ({role} = 'participant' AND NOT holder.is_guest)"
        " OR ({role} = 'facilitator' AND NOT holder.is_guest"
        " AND held.duty = 'facilitator' AND held.accepted_at <= {at})))"
    )


class PartRows(Rows["Part"]):
    """Parts are their author's, and whom the author let hold them."""

    def own_of(self, person: Any) -> Self:
        return self.filter(author_id=person.pk)

    def visible_to(self, person: Any) -> Self:
        if not may_open_stories(person):
            return self.none()
        own = Q(author_id=person.pk)
        if unshared_sealed(person):
            own &= ~Q(audience=Part.Audience.ME)
        granted = Grant.objects.for_system("what was shared with this person").counting()
        shared = Q(Exists(granted.filter(part_id=OuterRef("pk"), person_id=person.pk))) & takes_part(person)
        return self.filter(own | (shared & ~Q(audience=Part.Audience.ME)), review__deleted_at=None)


class Part(models.Model):
    """One part of a story: its words are in `text`, sealed to this row, its audience and the people that holds."""

    class Name(models.TextChoices):
        DID = "did", _("What I did, and when")
        SAW = "saw", _("What I saw happen")
        EXPECTED = "expected", _("What I expected")
        ASSUMED = "assumed", _("What I took to be so")
        UNDERSTOOD = "understood", _("How I understood what led to what")
        GOALS = "goals", _("What I was trying to do")
        PRESSURES = "pressures", _("What pressed on me")
        TIME = "time", _("How much time there was")
        TOOLS = "tools", _("What I worked with")
        KNOWN = "known", _("What was known to me")
        MISSING = "missing", _("What was missing")
        ASKED = "asked", _("Whom I asked")

    class Audience(models.TextChoices):
        ME = "me", _("Only me")
        FACILITATOR = "facilitator", _("The facilitator")
        PARTICIPANTS = "participants", _("Those who take part")
        QUOTABLE = "quotable", _("Those who take part, and it may be quoted")

    class QuoteAs(models.TextChoices):
        NAME = "name", _("with my name")
        LABEL = "label", _("with my role label")
        NOBODY = "nobody", _("without saying whose words they are")

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+")
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=12, choices=Name.choices)
    text = models.OneToOneField(Text, on_delete=models.CASCADE, related_name="+")
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.ME)
    quote_as = models.CharField(max_length=8, choices=QuoteAs.choices, default=QuoteAs.LABEL)
    quote_public = models.BooleanField(default=False)
    audience_at = models.DateTimeField(null=True)

    objects: ClassVar[Guarded[PartRows]] = guarded(PartRows)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["story", "name"], name="one_part_of_a_name"),
        ]

    def place(self, grants: Iterable[Grant]) -> str:
        """What the words are bound to: changed behind the author's back, they no longer open."""
        held = list_of((grant.person_id, grant.role, grant.at) for grant in grants if grant.until is None)
        row = (self.pk, self.review_id, self.story_id, self.author_id, self.text_id, self.name)
        return bound("part", *row, self.audience, self.quote_as, str(self.quote_public), held)

    def words(self, grants: Iterable[Grant]) -> str:
        """The words of this part; raises KeyMissing when they were moved or their audience was changed by hand."""
        return self.text.read_at(self.place(grants))


class Grant(models.Model):
    """That a part was shared with a person in a role, since when and until when."""

    class Role(models.TextChoices):
        FACILITATOR = "facilitator", _("facilitator")
        PARTICIPANT = "participant", _("takes part")
        GUEST = "guest", _("guest")

    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, choices=Role.choices)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects: ClassVar[Guarded[GrantRows]] = guarded(GrantRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["part", "person"], condition=Q(until=None), name="held_once_at_a_time"),
        ]


class Invited(models.Model):
    """That somebody was asked for their account. The same row whatever they do with it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    nudge_at = models.DateTimeField(null=True)

    objects: ClassVar[Guarded[WorkshopRows]] = guarded(WorkshopRows)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "person"], name="invited_once"),
        ]
