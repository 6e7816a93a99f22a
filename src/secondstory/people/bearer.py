"""Who an API token speaks for, and how far."""

from __future__ import annotations

import re

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from secondstory.access.tokens import hash_of
from secondstory.people.models import ApiToken, Person
from secondstory.people.stamps import TOKEN

SAFE = {"GET", "HEAD", "OPTIONS"}
# A section may be called "evidence" too; leave to import is none to write it.
EVIDENCE = re.compile(r"/api/reviews/[^/]+/evidence(/|$)")
STORIES = re.compile(r"/api/reviews/[^/]+/(story|stories)(/|$)")


class Bearer(HttpBearer):
    """Takes `Authorization: Bearer …`. The request then has the token's owner as its user."""

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        known = (
            ApiToken.objects.for_system("whose token is this")
            .select_related("owner")
            .filter(token_hash=hash_of(token), revoked_at=None, expires_at__gt=timezone.now(), owner__is_active=True)
            .first()
        )
        if known is None or not TOKEN.fits(known) or not _allows(known.scopes, request):
            return None
        person: Person = known.owner
        # Leave to write, to import or for stories is no leave to read the workshop.
        reads_all = ApiToken.Scope.READ in known.scopes or STORIES.match(request.path) is not None
        person.sees_only_published = request.method in SAFE and not reads_all
        person.may_open_stories = ApiToken.Scope.STORIES in known.scopes
        request.user = person
        return person


def _allows(scopes: list[str], request: HttpRequest) -> bool:
    if STORIES.match(request.path):
        return ApiToken.Scope.STORIES in scopes
    if request.method in SAFE:
        return bool(set(scopes) & {ApiToken.Scope.READ, ApiToken.Scope.READ_PUBLISHED})
    if EVIDENCE.match(request.path):
        return bool(set(scopes) & {ApiToken.Scope.IMPORT, ApiToken.Scope.WRITE})
    return ApiToken.Scope.WRITE in scopes
