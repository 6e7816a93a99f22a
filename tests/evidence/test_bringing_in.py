"""From a file in a browser to lines of evidence."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.test.client import encode_multipart
from django.urls import reverse
from tests.cast import Cast
from tests.evidence.making import TALK, imports_of, lines_of, message, slack_zip

from secondstory.evidence import import_changes, jobs
from secondstory.evidence.models import Import
from secondstory.evidence.signals import evidence_added
from secondstory.reviews.models import Review
from secondstory.site.door import most_for
from secondstory.work.worker import sweep_everything_once


def send(client: Any, review: Review, *files: tuple[str, bytes]) -> Any:
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(reverse("evidence_new", args=[review.pk]), {"files": uploads})


def choose(client: Any, review: Review, **more: Any) -> Any:
    """Submits the choose page as it was drawn, with `more` put over it."""
    page = client.get(reverse("evidence_choose", args=[review.pk]))
    data: dict[str, Any] = {}
    for name in ("since", "until", "zone", "day"):
        data[name] = page.context["window"][name].value() or ""
        if hasattr(data[name], "strftime"):
            data[name] = data[name].strftime("%Y-%m-%d" if name == "day" else "%Y-%m-%dT%H:%M")
    for form in page.context["forms"]:
        data |= {f"{form.prefix}-shown": "1", f"{form.prefix}-take": "on"}
        data[f"{form.prefix}-places"] = form["places"].value()
        data |= {column.html_name: column.value() for column in form.columns}
    return client.post(reverse("evidence_choose", args=[review.pk]), data | more)


def bring(client: Any, review: Review, *files: tuple[str, bytes], **more: Any) -> None:
    send(client, review, *files)
    answer = choose(client, review, **more)
    assert answer.status_code == 302, answer.context["window"].errors
    sweep_everything_once()


def test_a_dropped_slack_zip_becomes_lines(cast: Cast, review: Review, signed_in: Any) -> None:
    bring(signed_in(cast.bo), review, ("export.zip", slack_zip()))
    assert [(line.author, line.place, line.number) for line in lines_of(review)] == [
        ("ana", "ops", 1),
        ("bo", "ops", 2),
        ("ana", "ops", 3),
    ]


def test_a_password_is_masked_in_text_and_payload_and_the_mask_is_noted(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    bring(signed_in(cast.bo), review, ("export.zip", slack_zip()))
    line = lines_of(review)[2]
    assert "hunter2" not in line.text + line.payload
    assert line.masked == "password"


def test_the_same_file_twice_adds_nothing(cast: Cast, review: Review, signed_in: Any) -> None:
    for _ in range(2):
        bring(signed_in(cast.bo), review, ("export.zip", slack_zip()))
    assert len(lines_of(review)) == 3
    first, second = imports_of(review)
    assert (first.added, second.added, second.known) == (3, 0, 3)


def test_a_longer_export_adds_only_what_is_new(cast: Cast, review: Review, signed_in: Any) -> None:
    bring(signed_in(cast.bo), review, ("export.zip", slack_zip()))
    longer = slack_zip([*TALK, message(20, "U2", "all quiet")])
    bring(signed_in(cast.bo), review, ("export.zip", longer))
    assert [line.number for line in lines_of(review)] == [1, 2, 3, 4]


def test_private_channels_are_off_until_named(cast: Cast, review: Review, signed_in: Any) -> None:
    packed = slack_zip(secret_plans=[message(2, "U1", "between us")])
    bring(signed_in(cast.bo), review, ("export.zip", packed))
    assert {line.place for line in lines_of(review)} == {"ops"}
    send(signed_in(cast.bo), review, ("export.zip", packed))
    form = signed_in(cast.bo).get(reverse("evidence_choose", args=[review.pk])).context["forms"][0]
    names = [place["name"] for place in form.places]
    choose(signed_in(cast.bo), review, **{f"{form.prefix}-places": names})
    sweep_everything_once()
    assert {line.reach for line in lines_of(review)} == {"public", "private"}


def test_only_two_hours_either_side_come_in_by_default(cast: Cast, review: Review, signed_in: Any) -> None:
    talk = [*TALK, message(-200, "U1", "lunch?"), message(300, "U2", "going home")]
    bring(signed_in(cast.bo), review, ("export.zip", slack_zip(talk)))
    assert len(lines_of(review)) == 3


def test_how_much_lies_outside_the_chosen_time_is_told(cast: Cast, review: Review, signed_in: Any) -> None:
    table = b"time,who,what\n2026-03-09T14:03:00Z,cleo,told\n2026-03-01T14:03:00Z,cleo,lunch\n"
    bring(signed_in(cast.bo), review, ("notes.csv", table))
    assert (imports_of(review)[0].added, imports_of(review)[0].left_out) == (1, 1)


def test_any_time_takes_everything(cast: Cast, review: Review, signed_in: Any) -> None:
    talk = [*TALK, message(-200, "U1", "lunch?")]
    bring(signed_in(cast.bo), review, ("export.zip", slack_zip(talk)), any_time="on")
    assert len(lines_of(review)) == 4


def test_an_end_before_the_start_is_said_and_nothing_is_lost(cast: Cast, review: Review, signed_in: Any) -> None:
    client = signed_in(cast.bo)
    send(client, review, ("export.zip", slack_zip()))
    answer = choose(client, review, since="2026-03-09T18:00", until="2026-03-09T12:00")
    assert answer.status_code == 400
    assert "The end lies before the start" in answer.content.decode()
    assert imports_of(review)[0].state == Import.State.WAITING


def test_nothing_unmasked_is_kept_once_it_is_imported(cast: Cast, review: Review, signed_in: Any) -> None:
    send(signed_in(cast.bo), review, ("export.zip", slack_zip()))
    stored = imports_of(review)[0].upload
    assert default_storage.exists(stored)
    choose(signed_in(cast.bo), review)
    sweep_everything_once()
    assert not default_storage.exists(stored)
    assert imports_of(review)[0].upload == ""


def test_an_upload_nobody_chose_from_is_gone_after_a_day(cast: Cast, review: Review, signed_in: Any) -> None:
    send(signed_in(cast.bo), review, ("export.zip", slack_zip()))
    row = imports_of(review)[0]
    import_changes.forget_unchosen(row.at + import_changes.KEPT_UNCHOSEN * 0.9)
    assert imports_of(review)
    import_changes.forget_unchosen(row.at + import_changes.KEPT_UNCHOSEN * 1.1)
    assert not imports_of(review)
    assert not default_storage.exists(row.upload)


def test_what_waits_for_a_choice_is_its_bringers_alone(cast: Cast, review: Review, signed_in: Any) -> None:
    send(signed_in(cast.bo), review, ("export.zip", slack_zip(secret_plans=[message(2, "U1", "x")])))
    row = imports_of(review)[0]
    assert row.found["places"]
    address = reverse("evidence_import", args=[review.pk, row.pk])
    assert signed_in(cast.bo).get(address).status_code == 200
    assert signed_in(cast.ana).get(address).status_code == 404
    assert b"secret_plans" not in signed_in(cast.ana).get(reverse("evidence_choose", args=[review.pk])).content


def test_the_name_stands_above_the_card_on_its_own_page_and_within_it_in_a_list(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    client = signed_in(cast.bo)
    send(client, review, ("export.zip", slack_zip()))
    address = reverse("evidence_import", args=[review.pk, imports_of(review)[0].pk])
    asked = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{address}"}
    assert "<h1>export.zip</h1>" in client.get(address).content.decode()
    assert "export.zip" not in client.get(address, headers=asked).content.decode()
    asked["HX-Current-URL"] = f"http://testserver{reverse('evidence', args=[review.pk])}"
    assert "<h2>export.zip</h2>" in client.get(address, headers=asked).content.decode()


def test_a_taken_back_upload_is_gone(cast: Cast, review: Review, signed_in: Any) -> None:
    send(signed_in(cast.bo), review, ("export.zip", slack_zip()))
    row = imports_of(review)[0]
    assert signed_in(cast.ana).post(reverse("evidence_drop", args=[review.pk, row.pk])).status_code == 404
    signed_in(cast.bo).post(reverse("evidence_drop", args=[review.pk, row.pk]))
    assert not imports_of(review)
    assert not default_storage.exists(row.upload)


def test_several_files_are_chosen_from_on_one_page(cast: Cast, review: Review, signed_in: Any) -> None:
    table = b"time,who,what\n2026-03-09T14:03:00Z,cleo,told support\n"
    bring(signed_in(cast.bo), review, ("export.zip", slack_zip()), ("notes.csv", table))
    assert {line.format for line in lines_of(review)} == {"slack", "csv"}


def test_the_columns_of_a_table_are_guessed_and_can_be_changed(cast: Cast, review: Review, signed_in: Any) -> None:
    table = b"stamp;von;bemerkung;grund\n2026-03-09 14:03;cleo;short;a much longer reason that was given\n" * 1
    client = signed_in(cast.bo)
    send(client, review, ("notes.csv", table))
    form = client.get(reverse("evidence_choose", args=[review.pk])).context["forms"][0]
    assert form["column_time"].value() == "stamp"
    choose(client, review, **{f"{form.prefix}-column_text": "bemerkung", f"{form.prefix}-column_author": "von"})
    sweep_everything_once()
    assert [(line.author, line.text) for line in lines_of(review)] == [("cleo", "short")]


def test_the_order_of_day_and_month_is_asked_where_nothing_tells_it(cast: Cast, review: Review, signed_in: Any) -> None:
    client = signed_in(cast.bo)
    send(client, review, ("notes.csv", b"time,who,what\n03/09/2026 14:03,cleo,told support\n"))
    form = client.get(reverse("evidence_choose", args=[review.pk])).context["forms"][0]
    choose(client, review, **{f"{form.prefix}-column_date_order": "month first"})
    sweep_everything_once()
    assert [(line.at.month, line.at.day) for line in lines_of(review)] == [(3, 9)]


def test_a_large_upload_is_looked_into_by_the_worker(
    cast: Cast, review: Review, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 10)
    send(signed_in(cast.bo), review, ("export.zip", slack_zip()))
    assert imports_of(review)[0].state == Import.State.LOOKING
    assert jobs.look_into_next()
    assert imports_of(review)[0].state == Import.State.WAITING


def test_an_import_a_dead_worker_left_is_taken_up_again(cast: Cast, review: Review, signed_in: Any) -> None:
    send(signed_in(cast.bo), review, ("export.zip", slack_zip()))
    choose(signed_in(cast.bo), review)
    dead = import_changes.claim(Import.State.RUNNING)
    assert dead
    assert not jobs.run_next()
    Import.objects.for_system("a minute passes").update(lease_until=dead.at)
    assert jobs.run_next()
    assert len(lines_of(review)) == 3
    assert imports_of(review)[0].added == 3


def test_scripted_and_plain_uploads_get_their_own_answers(cast: Cast, review: Review, signed_in: Any) -> None:
    client = signed_in(cast.bo)
    plain = send(client, review, ("export.zip", slack_zip()))
    assert plain["Location"] == reverse("evidence_choose", args=[review.pk])
    file = SimpleUploadedFile("export.zip", slack_zip())
    scripted = client.post(reverse("evidence_new", args=[review.pk]), {"files": [file]}, headers={"HX-Request": "true"})
    assert scripted["HX-Redirect"] == reverse("evidence_choose", args=[review.pk])


@override_settings(IMPORT_LIMIT=1_000_000)
def test_a_file_that_the_page_lets_through_passes_the_door_with_its_form(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    address = reverse("evidence_new", args=[review.pk])
    said = re.search(r'data-limit="(\d+)"', signed_in(cast.bo).get(address).content.decode())
    assert said
    file = SimpleUploadedFile("y" * 250 + ".zip", b"x" * (int(said[1]) - 1))
    body = encode_multipart("b" * 70, {"csrfmiddlewaretoken": "t" * 64, "files": file})
    assert len(body) < most_for(address)


def _zip_of(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return packed.getvalue()


BAD = {
    "empty.zip": (b"", "empty"),
    "export.zip": (b"this is no zip at all, honestly\x00", "binary file of no known kind"),
    "half.zip": (slack_zip()[:200], "damaged or incomplete zip"),
    "bomb.zip": (_zip_of(zeros=b"0" * 30_000_000), "zip bomb"),
    "path.zip": (_zip_of(**{"..__..__etc__cron": b"x"}), "path that leads out of it"),
    "essay.txt": (b"A long walk by the river.\nNothing in it has a time.\n", "not this product"),
    "drawing.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "SVG"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_with_what_where_and_what_to_do(
    cast: Cast, review: Review, signed_in: Any, name: str
) -> None:
    content, why = BAD[name]
    client = signed_in(cast.bo)
    send(client, review, (name, content))
    row = imports_of(review)[0]
    page = client.get(reverse("evidence_choose", args=[review.pk])).content.decode()
    assert row.state == Import.State.REFUSED
    assert why in row.refusal
    assert name in page
    assert why in page
    assert not default_storage.exists(f"evidence/uploads/{row.pk}/upload")


def test_truncated_json_brings_the_good_part_and_lists_the_bad(cast: Cast, review: Review, signed_in: Any) -> None:
    import json

    whole = json.dumps(TALK, indent=1).encode()
    packed = _zip_of(
        **{"users.json": b"[]", "channels.json": b'[{"id":"C1","name":"ops"}]', "ops__2026-03-09.json": whole[:-60]}
    )
    client = signed_in(cast.bo)
    bring(client, review, ("export.zip", packed))
    row = imports_of(review)[0]
    assert len(lines_of(review)) == 2
    assert row.problems[0]["where"].startswith("ops/2026-03-09.json")
    page = client.get(reverse("evidence_import", args=[review.pk, row.pk])).content.decode()
    assert row.problems[0]["what"] in page


def test_times_in_1970_and_2100_are_left_out_and_named(cast: Cast, review: Review, signed_in: Any) -> None:
    talk = [
        *TALK,
        message(0, "U1", "dawn") | {"ts": "12.000100"},
        message(0, "U1", "far") | {"ts": "4102444801.000100"},
    ]
    bring(signed_in(cast.bo), review, ("export.zip", slack_zip(talk)), any_time="on")
    assert len(lines_of(review)) == 3
    assert [problem["what"] for problem in imports_of(review)[0].problems] == [
        "a time in the year 1970 is not believable",
        "a time in the year 2100 is not believable",
    ]


def test_times_without_zone_are_taken_in_the_zone_that_was_chosen(cast: Cast, review: Review, signed_in: Any) -> None:
    table = b"time,who,what\n2026-03-09 15:03:00,cleo,told support\n"
    bring(signed_in(cast.bo), review, ("notes.csv", table), zone="Europe/Vienna")
    assert lines_of(review)[0].at.isoformat() == "2026-03-09T14:03:00+00:00"


def test_an_unknown_zone_is_said(cast: Cast, review: Review, signed_in: Any) -> None:
    send(signed_in(cast.bo), review, ("export.zip", slack_zip()))
    answer = choose(signed_in(cast.bo), review, zone="Europe/Atlantis")
    assert "Europe/Atlantis” is no time zone" in answer.content.decode()


def test_a_wrong_encoding_is_read_and_said(cast: Cast, review: Review, signed_in: Any) -> None:
    table = "time,who,what\n2026-03-09T14:03:00Z,cléo,prévenu\n".encode("latin-1")
    bring(signed_in(cast.bo), review, ("notes.csv", table))
    assert lines_of(review)[0].text.startswith("prévenu")
    assert "not UTF-8" in imports_of(review)[0].problems[0]["what"]


def test_html_and_script_in_a_line_stay_plain_text(cast: Cast, review: Review, signed_in: Any) -> None:
    talk = [message(1, "U1", "<script>alert(1)</script><img src=x onerror=alert(2)>")]
    client = signed_in(cast.bo)
    bring(client, review, ("export.zip", slack_zip(talk)))
    page = client.get(reverse("evidence", args=[review.pk])).content.decode()
    assert "onerror=alert" not in page.replace("&lt;img src=x onerror=alert", "")
    assert "<script>alert" not in page


def test_a_paragraph_of_a_megabyte_comes_in_whole(cast: Cast, review: Review, signed_in: Any) -> None:
    client = signed_in(cast.bo)
    bring(client, review, ("export.zip", slack_zip([message(1, "U1", "word " * 200_000)])))
    assert len(lines_of(review)[0].text) >= 999_999
    assert client.get(reverse("evidence", args=[review.pk])).status_code == 200


def test_nul_and_half_surrogates_reach_every_database(cast: Cast, review: Review, signed_in: Any) -> None:
    bring(signed_in(cast.bo), review, ("export.zip", slack_zip([message(1, "U1", "a\x00b\ud83d c")])))
    assert lines_of(review)[0].text.startswith("a")


def test_names_longer_than_their_columns_are_cut(cast: Cast, review: Review, signed_in: Any) -> None:
    table = f"time,who,what,channel\n2026-03-09T14:03:00Z,{'c' * 500},told,{'p' * 500}\n".encode()
    bring(signed_in(cast.bo), review, ("notes.csv", table))
    assert (len(lines_of(review)[0].author), len(lines_of(review)[0].place)) == (120, 200)


def test_slices_above_hear_that_there_is_more_once_an_import_is_done(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    heard: list[str] = []

    def hear(**news: Any) -> None:
        heard.append(news["review_id"])

    evidence_added.connect(hear)
    try:
        bring(signed_in(cast.bo), review, ("export.zip", slack_zip()))
    finally:
        evidence_added.disconnect(hear)
    assert heard == [review.pk]
