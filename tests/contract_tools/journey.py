"""An enterprise on its way from sign-up to enrolment, through the client that openapi-python-client makes."""

from __future__ import annotations

import io
import json
import os
from datetime import date

from score_client import AuthenticatedClient, models
from score_client.api.enterprises import (
    commit_enterprise,
    correct_enterprise,
    enroll_enterprise,
    list_enterprises,
    register_enterprise,
    screen_enterprise,
    show_enterprise,
    upload_commitment_letter,
)  # fmt: skip
from score_client.types import File

TODAY = date.fromisoformat(os.environ["TODAY"])
client = AuthenticatedClient(base_url=os.environ["ADDRESS"], token=os.environ["TOKEN"])

body = models.RegisterEnterprise.from_dict(
    {
        "name": "Kayu Contoh", "legal_form": "CV", "province": "ID-JT", "sector": "handicrafts",
        "headcount": {"women": 20, "men": 20}, "contact": {"name": "Ratna Contoh", "phone": "0812-3456-7890"},
    }
)  # fmt: skip
registered = register_enterprise.sync_detailed(client=client, body=body, idempotency_key="sign-up-1")
enterprise = registered.parsed
assert isinstance(enterprise, models.EnterpriseView), registered.content
repeated = register_enterprise.sync_detailed(client=client, body=body, idempotency_key="sign-up-1")
refused = register_enterprise.sync_detailed(client=client, body=body).parsed
assert isinstance(refused, models.PossibleDuplicateProblem), refused

place = models.CorrectEnterprise(place="Kudus")
corrected = correct_enterprise.sync_detailed(
    enterprise.id, client=client, body=place, if_match=registered.headers["ETag"]
)
assert isinstance(corrected.parsed, models.EnterpriseView), corrected.content
unchanged = show_enterprise.sync_detailed(enterprise.id, client=client, if_none_match=corrected.headers["ETag"])
screening = models.ScreenEnterprise(screened_on=TODAY, reasons=[])
assert isinstance(screen_enterprise.sync(enterprise.id, client=client, body=screening), models.EnterpriseView)
pdf = File(payload=io.BytesIO(b"%PDF-1.4\n% A signed letter; invented.\n"))
letter = upload_commitment_letter.sync(enterprise.id, client=client, body=pdf)
assert isinstance(letter, models.CommitmentLetterView), letter
commitment = models.CommitEnterprise(signed_on=TODAY, letter_id=letter.id, plan=["M1"])
assert isinstance(commit_enterprise.sync(enterprise.id, client=client, body=commitment), models.EnterpriseView)
enrolment = models.EnrollEnterprise()
assert isinstance(enroll_enterprise.sync(enterprise.id, client=client, body=enrolment), models.EnterpriseView)
listed = list_enterprises.sync(client=client, state=models.ListEnterprisesState.ENROLLED)
assert isinstance(listed, models.EnterpriseViewPage), listed

print(
    json.dumps(
        {
            "nib": enterprise.nib,
            "replayed": repeated.headers.get("Idempotent-Replayed"),
            "candidates": [one.id == enterprise.id for one in refused.candidates],
            "place": corrected.parsed.place,
            "unchanged": int(unchanged.status_code),
            "letter": str(letter.media_type),
            "listed": [[one.name, str(one.state), [planned.module for planned in one.plan]] for one in listed.items],
            "next": listed.next_,
        }
    )
)
