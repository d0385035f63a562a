"""Who and what is counted, and when it stops to count."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from services.reporting.results import metrics
from services.reporting.results.figures import Terms, figures_of
from services.reporting.results.indicators import NO_COST
from shared.contracts.event import Event
from shared.contracts.events import certification as cert
from shared.contracts.events import finance
from shared.contracts.values import Headcount
from tests.support import golden_programme as told
from tests.support.catalogues import catalogues_of
from tests.support.golden_programme import DAY, TODAY, rows

SINCE = date(2017, 11, 1)


def direct(*events: Event) -> int:
    return len(metrics.enterprises_trained(rows(*events), "direct", SINCE))


def certified(*events: Event, on: date = TODAY) -> int:
    return len(metrics.trainers_certified(rows(*events), on))


def recovery(*events: Event) -> Decimal | None:
    return metrics.cost_recovery(rows(*events), SINCE).rate


def test_an_enterprise_counts_once_however_many_classrooms_it_had():
    assert direct(told.delivered(1, [1, 2]), told.delivered(2, [2, 3])) == 3


def test_what_partners_deliver_without_the_ilo_is_counted_apart():
    events = (told.delivered(1, [1, 2]), told.delivered(2, [2, 3, 4], "indirect"))
    assert direct(*events) == 2
    assert len(metrics.enterprises_trained(rows(*events), "indirect", SINCE)) == 3


def test_registration_alone_is_not_training():
    assert direct(told.enterprise(1)) == 0


def test_a_reversed_delivery_does_not_count_and_another_one_still_does():
    events = (told.delivered(1, [1, 2]), told.delivered(2, [2]), told.reversed_delivery(1, [1, 2]))
    assert direct(*events) == 1


def test_a_delivery_repeated_after_its_reversal_counts_who_was_there_the_second_time():
    events = (told.delivered(1, [1, 2]), told.reversed_delivery(1, [1, 2]), told.delivered(1, [1]))
    assert direct(*events) == 1


def test_what_is_older_than_the_phase_is_in_the_opening_balance():
    assert direct(told.delivered(1, [1], on=date(2017, 10, 31))) == 0
    assert direct(told.delivered(1, [1], on=SINCE)) == 1


def test_a_reversed_completion_does_not_count():
    events = (told.completed(1), told.completed(1, "M2"), told.completed(2), told.uncompleted(2), told.uncompleted(1))
    assert len(metrics.enterprises_completed(rows(*events), SINCE)) == 1


def test_a_graduation_that_is_taken_back_does_not_count_until_it_comes_anew():
    told_of = [
        told.graduated(1),
        told.graduated(2),
        told.graduation_reversed(1),
        told.graduated(3, on=date(2017, 1, 1)),
    ]
    assert len(metrics.enterprises_graduated(rows(*told_of), SINCE)) == 1
    assert len(metrics.enterprises_graduated(rows(*told_of, told.graduated(1)), SINCE)) == 2


def test_an_enterprise_is_counted_where_it_was_corrected_to_be():
    right = told.corrected(1, province="ID-BA", sector="garments", headcount=Headcount(women=7, men=2))
    found = metrics.enterprises_trained(rows(told.enterprise(1), told.delivered(1, [1]), right), "direct", SINCE)
    assert metrics.by(lambda enterprise: enterprise.province, found) == {"ID-BA": 1}
    assert [(row.sector, row.women, row.men) for row in found] == [("garments", 7, 2)]


def test_certified_counts_people_not_certificates():
    events = (
        told.trainer(1),
        told.certificate(cert.TrainerCertified, 1),
        told.certificate(cert.TrainerCertified, 1, "M2"),
    )
    assert certified(*events) == 1


def test_a_certificate_counts_out_of_the_registered_trainers_only():
    assert certified(told.certificate(cert.TrainerCertified, 1)) == 0


def test_suspended_and_revoked_certificates_stop_to_count_on_their_day():
    for kind in (cert.CertificateSuspended, cert.CertificateRevoked):
        events = (told.trainer(1), told.certificate(cert.TrainerCertified, 1), told.certificate(kind, 1))
        assert certified(*events, on=TODAY - timedelta(days=1)) == 1
        assert certified(*events, on=TODAY) == 0


def test_a_renewal_ends_a_suspension():
    events = (
        told.trainer(1),
        told.certificate(cert.TrainerCertified, 1),
        told.certificate(cert.CertificateSuspended, 1),
        told.certificate(cert.CertificateRenewed, 1),
    )
    assert certified(*events) == 1


def test_a_certificate_past_its_last_day_does_not_count_even_before_anybody_says_so():
    events = (told.trainer(1), told.certificate(cert.TrainerCertified, 1, valid_to=TODAY))
    assert certified(*events, on=TODAY) == 1
    assert certified(*events, on=TODAY + timedelta(days=1)) == 0


def test_a_certificate_said_to_have_expired_does_not_count():
    assert certified(told.trainer(1), told.certificate(cert.CertificateExpired, 1)) == 0


def test_cost_recovery_is_a_ratio_of_sums():
    costs = (told.cost(finance.CostRecorded, 1, 1_000_000), told.cost(finance.CostRecorded, 2, 9_000_000))
    assert recovery(told.invoice(1, 1_000_000), told.invoice(2, 1_000_000), *costs) == Decimal("20.0")


def test_money_of_the_programmes_own_donors_does_not_raise_it():
    spent = told.cost(finance.CostRecorded, 1, 1_000_000)
    assert recovery(told.invoice(1, 400_000), told.invoice(2, 500_000, recovers=False), spent) == Decimal("40.0")


def test_credit_notes_reversed_costs_and_contributions_in_kind():
    events = (
        told.invoice(1, 1_000_000),
        told.credit(1, 200_000, "CN-1"),
        told.credit(1, 100_000, "CN-2"),
        told.cost(finance.CostRecorded, 1, 1_000_000),
        told.cost(finance.CostRecorded, 2, 9_000_000),
        told.cost(finance.CostReversed, 2, 9_000_000),
        told.cost(finance.CostRecorded, 3, 7_000_000, in_kind=True),
    )
    assert recovery(*events) == Decimal("70.0")


def test_a_surplus_is_shown_and_nothing_looks_reached_before_it_is():
    spent = told.cost(finance.CostRecorded, 1, 1_000_000)
    assert recovery(told.invoice(1, 1_250_000), spent) == Decimal("125.0")
    assert recovery(told.invoice(1, 999_900), spent) == Decimal("99.9")


def test_without_any_cost_there_is_no_rate_but_words():
    terms = Terms(today=TODAY, since=SINCE, smallest=None, amounts=True)
    for events in ((), (told.invoice(1, 1_000_000),), (told.cost(finance.CostRecorded, 1, 5, in_kind=True),)):
        figure = next(f for f in figures_of(rows(*events), {}, terms) if f.code == "T10")
        assert figure.result is None
        assert figure.share is None
        assert figure.words == NO_COST
        texts = [catalogues_of("reporting").text(figure.words, language) for language in ("en", "id")]
        assert texts == ["no cost recorded yet", "belum ada biaya yang dicatat"]
        assert figure.variants == {"accrual": None, "cash": None, "incl_in_kind": None}


def test_an_enterprise_that_is_not_described_yet_is_counted_where_nobody_knows():
    found = metrics.enterprises_trained(rows(told.delivered(1, [1, 2]), told.enterprise(2)), "direct", SINCE)
    assert metrics.by(lambda enterprise: enterprise.province, found) == {"ID-JT": 1, "unknown": 1}


def test_the_golden_programme():
    everything = rows(*told.PROGRAMME)
    terms = Terms(today=TODAY, since=DAY, smallest=None, amounts=True)
    figures = {figure.code: figure.result for figure in figures_of(everything, {}, terms)}
    assert figures == {
        "T5": 5,
        "T7": 2,
        "completed": 3,
        "graduated": 2,
        "T8": 8,
        "T9": 4,
        "T10": Decimal("90.6"),
    }
