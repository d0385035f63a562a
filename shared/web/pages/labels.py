"""Lists words that are looked up by a name at run time, so that the catalogues hold them."""

from __future__ import annotations

from shared.kernel.message import gettext_noop

ROLE_NAMES = {
    "programme": gettext_noop("Programme staff"),
    "ministry": gettext_noop("Ministry"),
    "partner": gettext_noop("Partner organisation"),
    "provider": gettext_noop("Training provider"),
    "trainer": gettext_noop("Trainer"),
    "enterprise": gettext_noop("Enterprise"),
    "sponsor": gettext_noop("Sponsor"),
    "donor": gettext_noop("Donor"),
    "finance": gettext_noop("Finance"),
    "auditor": gettext_noop("Auditor"),
}

# Pages name services that this image may not contain.
SERVICE_NAMES = {
    "enrollment": gettext_noop("Enrollment"),
    "consulting": gettext_noop("Consulting"),
    "certification": gettext_noop("Certification"),
    "finance": gettext_noop("Finance"),
    "notifications": gettext_noop("Notifications"),
    "reporting": gettext_noop("Results"),
}

# What a problem of the API means to somebody who fills in a form.
PROBLEM_MEANINGS = {
    "stale-version": gettext_noop(
        "Somebody changed this since you opened the page. Compare with the present state, then send again."
    ),
    "gate-closed": gettext_noop("Another service has not reported yet what this needs. Try again in a minute."),
    "conflict": gettext_noop("What you asked for is taken, or exists already."),
    "consent-missing": gettext_noop("Somebody who is named does not, or no longer, consent to it."),
    "possible-duplicate": gettext_noop("It is probably registered already. Compare with what is shown below."),
    "still-running": gettext_noop("The same form is being processed. Wait a moment, then look at the result."),
    "malformed-request": gettext_noop("What was sent could not be read. Nothing was saved."),
    "not-allowed-now": gettext_noop("This step is not possible in the present state."),
}
