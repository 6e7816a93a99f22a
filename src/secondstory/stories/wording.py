"""What each level of an audience means, in plain words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LEVELS: dict[str, Promise | str] = {
    "me": _("Nobody else can read it on any page, in any search, by any export."),
    "facilitator": _(
        "Whoever facilitates now may read it, to prepare the conversation. It is not passed on from here."
    ),
    "participants": _(
        "Those on the list below may read it, and lay it beside other accounts. Who joins later may not."
    ),
    "quotable": _(
        "The same people may read it, and a passage of it may be quoted in what the organisation reads. "
        "You can take a quote back: it then says “withdrawn by its author”, wherever it stands."
    ),
}
