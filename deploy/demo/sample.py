"""Loads the sample programme, so that no page is empty: safe to run again, it changes nothing the second time.

The three enterprises are those of the programme's leaflet (domain.md 2.1); every person is invented. The people file it
writes last is what the sign-in page offers, and the mark that the sample is complete.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from deploy.demo.cycle import Provider, days_ago, found_provider
from deploy.platform.client import Client, Refused, client_for

KEY = "sample"
PROVIDER = {
    "kind": "private_provider",
    "name": "Semut Contoh Konsultan",
    "province": "ID-JT",
    "email": "konsultan@example.org",
}
SPONSOR = {"kind": "sponsor", "name": "Yayasan Contoh Usaha", "province": "ID-JK", "email": "yayasan@example.org"}
TRAINERS = [
    {"name": "Dewi Lestari", "sex": "female", "kind": "provider", "email": "dewi@example.org", "language": "id"},
    {"name": "Budi", "sex": "male", "kind": "provider", "email": "budi@example.org", "language": "id"},
]
ENTERPRISES = [
    {
        "name": "KBT Bali", "legal_form": "CV", "province": "ID-BA", "place": "Denpasar", "sector": "garments",
        "headcount": {"women": 41, "men": 12}, "contact": {"name": "Ketut", "email": "ketut@example.org", "language": "id"},
    },
    {
        "name": "Mubarakfood Cipta Delicia", "legal_form": "CV", "province": "ID-JT", "place": "Kudus",
        "sector": "food_and_beverage", "headcount": {"women": 58, "men": 44},
        "contact": {"name": "Aminah", "email": "aminah@example.org", "language": "id"},
    },
    {
        "name": "Sukasari", "legal_form": "PT", "province": "ID-JT", "place": "Semarang", "sector": "other",
        "headcount": {"women": 63, "men": 71}, "contact": {"name": "Hartono", "email": "hartono@example.org", "language": "en"},
    },
]  # fmt: skip


def load(client: Client) -> bool:
    """Load what is missing; false when the sample was complete already."""
    people = client.plan.data / "people.json"
    if people.exists() and _still_there(client, json.loads(people.read_text())):
        return False
    first, second = found_provider(client, PROVIDER, TRAINERS, key=KEY)
    client.post("enrollment", "/v1/institutions", client.token("programme"), SPONSOR, key=f"{KEY}-sponsor")
    for module, amount in (("M1", 15_000_000), ("M2", 12_000_000)):
        price = {"module": module, "amount": {"amount": amount, "currency": "IDR"}, "valid_from": "2020-01-01"}
        client.post("finance", "/v1/prices", first.token, price, key=f"{KEY}-price-{module}")
    enterprises = [first.enroll(described, key=f"{KEY}-enterprise-{n}") for n, described in enumerate(ENTERPRISES)]
    _deliver(first, "M1", enterprises[:2], (24, 23), f"{KEY}-first")
    second.schedule("M1", days_ago(-13, -14), enterprises[2:], key=f"{KEY}-second")
    for number, day in enumerate(days_ago(18, 12, 6), start=1):
        first.visit(enterprises[0], "M1", number, day, key=f"{KEY}-bali")
    first.visit(enterprises[1], "M1", 1, days_ago(17)[0], key=f"{KEY}-kudus")
    people.write_text(json.dumps(_people(first, second, enterprises), indent=2))
    return True


def _deliver(provider: Provider, module: str, enterprises: list[str], days: tuple[int, int], key: str) -> None:
    training = provider.schedule(module, days_ago(*days), enterprises, key=key)
    provider.deliver(training, enterprises, key=key)


def _still_there(client: Client, people: list[dict[str, Any]]) -> bool:
    """Return whether the store still holds what the people file speaks of."""
    institution = next(person["institution"] for person in people if person["role"] == "provider")
    try:
        client.get("enrollment", f"/v1/institutions/{institution}", client.token("programme"))
    except Refused:
        return False
    return True


def _people(first: Provider, second: Provider, enterprises: list[str]) -> list[dict[str, Any]]:
    def person(name: str, role: str, indonesian: str, english: str, **ids: str) -> dict[str, Any]:
        return {"name": name, "role": role, "description": {"id": indonesian, "en": english}, **ids}

    return [
        person("Maya Programme", "programme", "Staf program ILO: melihat dan mengelola semuanya",
               "ILO programme staff: sees and manages everything"),
        person("Rina", "provider", "Staf Semut Contoh Konsultan: usaha, pelatihan dan kunjungannya sendiri",
               "Staff of Semut Contoh Konsultan: its own enterprises, trainings and visits", institution=first.institution_id),
        person("Dewi Lestari", "trainer", "Pelatih bersertifikat M1: melaporkan kunjungan",
               "Trainer certified for M1: reports visits", trainer=first.trainer_id),
        person("Budi", "trainer", "Pelatih bersertifikat M1 dengan pelatihan yang akan datang",
               "Trainer certified for M1 with a training to come", trainer=second.trainer_id),
        person("Ketut", "enterprise", "Pemilik CV KBT Bali: perjalanan dan tagihannya sendiri",
               "Owner of CV KBT Bali: its own journey and invoices", enterprise=enterprises[0]),
        person("Farid", "finance", "Keuangan program: harga dan tagihan semua lembaga pelatihan",
               "Programme finance: prices and invoices of all providers"),
        person("Sekar", "ministry", "Kementerian: hanya angka gabungan", "Ministry: aggregate figures only", province="ID-JT"),
        person("Anders", "donor", "Donor program: hasil terhadap target", "Programme donor: results against targets"),
        person("Ningsih", "auditor", "Auditor: membaca semuanya, tidak mengubah apa pun",
               "Auditor: reads everything, changes nothing"),
    ]  # fmt: skip


def main() -> int:
    # the runner names every port in the environment, so no offset is needed here
    client = client_for(Path(os.environ["SCORE_DATA"]))
    print("the sample programme is loaded" if load(client) else "the sample programme was there already", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
