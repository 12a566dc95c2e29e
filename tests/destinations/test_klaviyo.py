"""What Klaviyo has of its own: jobs that are followed to their end, and profiles that are looked up."""

from __future__ import annotations

from dbt_muster.destinations import Refusal
from dbt_muster.destinations.runs import AudienceAtPlatform
from tests.destinations.standins.base import Answer
from tests.destinations.standins.faults import first, writes
from tests.destinations.standins.klaviyo import KlaviyoStandIn
from tests.destinations.trying import AUDIENCE, trying


def test_a_job_is_running_until_it_is_complete_and_names_whom_it_refused() -> None:
    people = [{"email": f"{number}@example.com"} for number in range(250)]
    bad = [3, 120, 249]
    with trying(KlaviyoStandIn) as tried:
        tried.at.refuses = {f"{number}@example.com" for number in bad}
        result, job = tried.send("add", people)
        assert result.job == "job1"
        assert job is not None
        assert (job.status, job.failed) == ("done", 0)
        assert [refusal.index for refusal in job.refusals] == bad
        assert all("@" not in refusal.reason for refusal in job.refusals)
        assert len(tried.held()) == 247


def test_whom_an_import_refused_is_found_by_place_where_the_error_repeats_nothing() -> None:
    with trying(KlaviyoStandIn) as tried:
        tried.at.tells_payload = False
        tried.at.refuses = {"2@example.com"}
        _, job = tried.send("add", [{"email": f"{number}@example.com"} for number in range(4)])
        assert job is not None
        assert [refusal.index for refusal in job.refusals] == [2]


def test_failures_that_cannot_be_told_apart_are_counted() -> None:
    with trying(KlaviyoStandIn) as tried:
        tried.at.tells_payload = tried.at.tells_place = False
        tried.at.refuses = {"2@example.com"}
        _, job = tried.send("add", [{"email": f"{number}@example.com"} for number in range(4)])
        assert job is not None
        assert (job.status, job.refusals, job.failed) == ("done", [], 1)


_NAMES_THE_THIRD = {
    "errors": [
        {
            "detail": "No address: 2@example.com",
            "source": {"pointer": "/data/attributes/profiles/data/2/attributes/email"},
        }
    ]
}


def test_whom_a_refusal_names_is_left_out_and_the_others_are_imported_by_one_more_call() -> None:
    with trying(KlaviyoStandIn) as tried:
        tried.at.faults.append(first(1, writes, lambda *_: Answer(400, _NAMES_THE_THIRD)))
        result, _ = tried.send("add", [{"email": f"{number}@example.com"} for number in range(4)])
        assert result.refusals == [Refusal(2, "No address: …")]
        assert len(tried.bodies("-jobs")) == 2
        assert {frozenset([("email", f"{number}@example.com")]) for number in (0, 1, 3)} == tried.held()


def test_the_places_in_a_job_that_lacks_somebody_are_nobodys() -> None:
    with trying(KlaviyoStandIn) as tried:
        tried.at.faults.append(first(1, writes, lambda *_: Answer(400, _NAMES_THE_THIRD)))
        tried.at.tells_payload = False
        tried.at.refuses = {"3@example.com"}
        _, job = tried.send("add", [{"email": f"{number}@example.com"} for number in range(4)])
        assert job is not None
        assert (job.refusals, job.failed) == ([], 1)


def test_a_job_that_was_cancelled_has_failed() -> None:
    with trying(KlaviyoStandIn) as tried:
        tried.at.cancels = True
        _, job = tried.send("add", [{"email": "a@example.com"}])
        assert job is not None
        assert (job.status, job.words) == ("failed", "The platform says of its job: cancelled")


def test_members_leave_by_the_ids_of_their_profiles_in_calls_of_1000() -> None:
    people = [{"external_id": f'u{number}, "and" ü'} for number in range(1001)]
    with trying(KlaviyoStandIn) as tried:
        tried.send("add", people)
        tried.send("remove", [*people, {"external_id": "never seen"}])
        assert tried.held() == set()
        assert [len(body["data"]) for body in tried.bodies("/relationships/profiles")] == [1000, 1]


def test_a_member_with_several_identifiers_leaves_by_the_first() -> None:
    with trying(KlaviyoStandIn) as tried:
        tried.send("add", [{"external_id": "u1", "email": "a@example.com"}, {"email": "b@example.com"}])
        tried.send("remove", [{"external_id": "u1", "email": "b@example.com"}])
        assert tried.held() == {frozenset([("email", "b@example.com")])}


def test_a_list_is_found_by_its_marker_alone_and_renamed_with_the_audience() -> None:
    with trying(KlaviyoStandIn) as tried:
        tried.at.lists["L99999"] = AUDIENCE.name
        assert tried.destination.ensure(AUDIENCE, None) == tried.remote
        renamed = AudienceAtPlatform("Friends", "", AUDIENCE.marker)
        assert tried.destination.ensure(renamed, tried.remote) == tried.remote
        assert tried.at.lists[tried.remote] == "Friends [muster-0123456789ab]"
