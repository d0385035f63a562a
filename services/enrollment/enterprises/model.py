"""An enterprise, from sign-up to graduation. Its contact and an individual's tax number are personal data.

registered -> eligible | ineligible -> committed -> enrolled -> graduated; it may withdraw before it graduates. A
registration that was merged into another one takes no further step: whoever asks for it is told which one was kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import ClassVar, Self
from uuid import UUID

import mongoengine as me

from services.enrollment.duplicates.matching import Described, keys_of
from services.enrollment.enterprises import parts
from services.enrollment.enterprises.errors import Merged, step_skipped
from services.enrollment.enterprises.parts import Commitment, Contact, Persons, Planned, Screening, Withdrawal
from services.enrollment.tax_numbers.model import TaxNumberKeys, digest_of, file_number, number_of
from shared.contracts.events.enrollment import (
    EnterpriseCorrected,
    EnterpriseEnrolled,
    EnterpriseGraduated,
    EnterpriseGraduationReversed,
    EnterpriseProviderChanged,
    EnterpriseRegistered,
    EnterprisesMerged,
    EnterpriseWithdrawn,
)
from shared.contracts.parties import Party
from shared.contracts.values import WithdrawalStage
from shared.domain.aggregate import Aggregate
from shared.domain.errors import NotAllowedNow, NotFound
from shared.domain.external_ids import ExternallyNumbered, by_number
from shared.domain.lifecycle import Lifecycle, allow
from shared.domain.sealing import Sealed
from shared.kernel.principal import Principal
from shared.storage.indexes import by_time, index, unique
from shared.storage.row_scope import Scope, rows_for

__all__ = ["Contact", "Enterprise", "Persons"]

MERGED = "merged"
GONE = ("withdrawn", MERGED)
BEFORE_GRADUATION = ("registered", "eligible", "ineligible", "committed", "enrolled")


class Enterprise(ExternallyNumbered, Aggregate):
    meta: ClassVar[dict[str, object]] = {"collection": "enterprises"}
    INDEXES = (
        *by_time("provider_id"),
        index("trainer_ids"),
        index("match_keys"),
        index("merged_into"),
        unique("nib", sparse=True),
        by_number(),
    )
    LIFECYCLE: ClassVar[Lifecycle] = Lifecycle(
        "registered",
        {
            "find_eligible": allow("registered", "ineligible", "eligible", to="eligible"),
            "find_ineligible": allow("registered", "ineligible", "eligible", to="ineligible"),
            "override": allow("ineligible", to="eligible"),
            "commit": allow("eligible", to="committed"),
            "enroll": allow("committed", to="enrolled"),
            "graduate": allow("enrolled", to="graduated"),
            "reopen": allow("graduated", to="enrolled"),
            "withdraw": allow(*BEFORE_GRADUATION, to="withdrawn"),
            "merge": allow(*BEFORE_GRADUATION, "graduated", "withdrawn", to=MERGED),
        },
    )

    name = me.StringField(required=True)
    legal_form = me.StringField(required=True)
    nib = me.StringField()
    npwp = me.StringField()
    npwp_given = me.StringField()
    sealed_npwp = me.EmbeddedDocumentField(Sealed)
    province = me.StringField(required=True)
    place = me.StringField()
    sector = me.StringField(required=True)
    kbli = me.StringField()
    kbli_version = me.StringField()
    size_class = me.StringField()
    size_basis = me.StringField()
    size_source = me.StringField()
    headcount = me.EmbeddedDocumentField(parts.Persons, required=True)
    contact = me.EmbeddedDocumentField(parts.Contact, required=True)
    provider_id = me.UUIDField(required=True, binary=True)
    delivery_mode = me.StringField(required=True)
    trainer_ids = me.ListField(me.UUIDField(binary=True))
    state = me.StringField(required=True, default="registered")
    screening = me.EmbeddedDocumentField(parts.Screening)
    commitment = me.EmbeddedDocumentField(parts.Commitment)
    plan = me.EmbeddedDocumentListField(parts.Planned)
    enrolled_on = me.DateField()
    graduated_on = me.DateField()
    withdrawal = me.EmbeddedDocumentField(parts.Withdrawal)
    aliases = me.ListField(me.UUIDField(binary=True))
    merged_into = me.UUIDField(binary=True)
    merge_reason = me.StringField()
    distinct_reason = me.StringField()
    match_keys = me.ListField(me.StringField())

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        """Return whose rows they are; an enterprise also sees those given up for it, to learn which was kept."""
        if principal.role == "enterprise" and principal.enterprise:
            return {"$or": [{"_id": principal.enterprise}, {"merged_into": principal.enterprise}]}
        return rows_for(principal, provider="provider_id", trainer="trainer_ids")

    @classmethod
    def find(cls, row_id: UUID) -> Self | None:
        """Return the enterprise; none for a registration that was merged into another."""
        row: Self | None = super().find(row_id)
        return None if row is None or row.state == MERGED else row

    @classmethod
    def get(cls, row_id: UUID) -> Self:
        """Return the enterprise. For one that was merged, `Merged` names the kept one to those who may see it."""
        row: Self | None = super().find(row_id)
        if row is None or (row.state == MERGED and super().find(row.merged_into) is None):
            raise NotFound(cls._class_name, row_id)
        if row.state == MERGED:
            raise Merged(row.merged_into)
        return row

    def described(self, keys: TaxNumberKeys) -> Described:
        """Return the description by which duplicates are recognised."""
        return Described(
            name=self.name,
            legal_form=self.legal_form,
            province=self.province,
            place=self.place,
            nib=self.nib,
            npwp=digest_of(number_of(self, keys), keys),
            phone=self.contact.phone,
        )

    def transition(self, verb: str) -> None:
        refusal = step_skipped(verb, self.state, self.LIFECYCLE.skipped(self.state, verb))
        if refusal is not None:
            raise refusal
        super().transition(verb)

    def register(self, keys: TaxNumberKeys) -> None:
        file_number(self, keys)
        self.match_keys = keys_of(self.described(keys))
        self.record(EnterpriseRegistered(**self._event_data()))

    def correct(self, changes: Mapping[str, object], keys: TaxNumberKeys) -> None:
        """Take over what is given; what others count an enterprise by is told them again."""
        if self.state == "withdrawn":
            raise NotAllowedNow(verb="correct", state=self.state, allowed_from=(*BEFORE_GRADUATION, "graduated"))
        before = self._event_data()
        for name, value in changes.items():
            setattr(self, name, value)
        file_number(self, keys)
        self.match_keys = keys_of(self.described(keys))
        if self._event_data() != before:
            self.record(EnterpriseCorrected(**self._event_data()))

    def screen(self, reasons: Sequence[str], screened_on: date) -> None:
        self.transition("find_ineligible" if reasons else "find_eligible")
        self.screening = Screening(screened_on=screened_on, reasons=list(reasons))
        self.record(self.screening.said(self.id, self.provider_id))

    def override(self, reason: str) -> None:
        self.transition("override")
        self.screening.override = reason
        self.record(self.screening.said(self.id, self.provider_id))

    def commit(self, commitment: Commitment, plan: Sequence[Planned]) -> None:
        self.transition("commit")
        self.commitment, self.plan = commitment, list(plan)

    def enroll(self, enrolled_on: date) -> None:
        self.transition("enroll")
        self.enrolled_on = enrolled_on
        self.record(
            EnterpriseEnrolled(
                **self._event_data(),
                plan=tuple(planned.said() for planned in self.plan),
                enterprise_share_percent=self.commitment.enterprise_share_percent,
                enrolled_on=enrolled_on,
            )
        )

    def weigh_graduation(self, completed: Mapping[str, date], today: date) -> bool:
        """Graduate when every module of the plan is completed, open the plan again when one no longer is; true if changed.

        `completed` maps the modules that the enterprise completed to the days on which it did. A graduation on another
        day than the one that was told is taken back and told anew.
        """
        modules = tuple(planned.module for planned in self.plan)
        complete = bool(modules) and all(module in completed for module in modules)
        day = max(completed[module] for module in modules) if complete else None
        if self.state not in ("enrolled", "graduated") or day == self.graduated_on:
            return False
        about: parts.PlannedModules = {"enterprise_id": self.id, "provider_id": self.provider_id, "modules": modules}
        if self.state == "graduated":
            self.transition("reopen")
            self.record(EnterpriseGraduationReversed(**about, reversed_on=today))
        if day is not None:
            self.transition("graduate")
            self.record(EnterpriseGraduated(**about, graduated_on=day))
        self.graduated_on = day
        return True

    def withdraw(self, stage: WithdrawalStage, reason: str, withdrawn_on: date) -> None:
        self.transition("withdraw")
        self.trainer_ids = []
        self.withdrawal = Withdrawal(stage=stage, reason=reason, withdrawn_on=withdrawn_on)
        self.record(
            EnterpriseWithdrawn(
                enterprise_id=self.id,
                provider_id=self.provider_id,
                stage=stage,
                reason=reason,
                withdrawn_on=withdrawn_on,
            )
        )

    def change_provider(self, provider_id: UUID, delivery_mode: str | None, changed_on: date) -> None:
        """Show it from now on to the new provider, and to no trainer of the old one."""
        previous = self.provider_id
        self.follow(provider_id)
        self.delivery_mode = delivery_mode or self.delivery_mode
        self.trainer_ids = []
        self.record(
            EnterpriseProviderChanged(
                enterprise_id=self.id,
                provider_id=provider_id,
                previous_provider_id=previous,
                delivery_mode=self.delivery_mode,
                changed_on=changed_on,
            )
        )

    def give_up_for(self, kept: Enterprise, reason: str, keys: TaxNumberKeys) -> None:
        """Give this registration up, its last step; its numbers go to the kept one where that has none."""
        self.transition("merge")
        kept.nib = kept.nib or self.nib
        if number_of(kept, keys) is None:
            kept.npwp, kept.npwp_given = number_of(self, keys), self.npwp_given
            file_number(kept, keys)
        if kept.provider_id == self.provider_id:
            kept.external_id = kept.external_id or self.external_id
        self.nib = self.external_id = None
        self.match_keys, self.trainer_ids = [], []
        self.merged_into, self.merge_reason = kept.id, reason
        kept.aliases = [*kept.aliases, self.id, *self.aliases]
        kept.match_keys = keys_of(kept.described(keys))
        self.record(EnterprisesMerged(merged_id=self.id, kept_id=kept.id))

    def forget_contact(self, keys: TaxNumberKeys) -> None:
        """Forget the person who answers for it; letters wait until somebody else is known."""
        self.contact = Contact(language=self.contact.language)
        self.match_keys = self.match_keys and keys_of(self.described(keys))

    def assign(self, trainer_ids: Iterable[UUID]) -> bool:
        """Let these trainers see the enterprise and its people, and no others; true when that is new."""
        assigned = [] if self.state in GONE else sorted(set(trainer_ids))
        changed = assigned != sorted(self.trainer_ids)
        self.trainer_ids = assigned
        return changed

    def party(self) -> Party:
        return Party(
            party_id=self.id,
            version=self.version,
            kind="enterprise",
            name=f"{self.legal_form} {self.name}",
            belongs_to=self.provider_id,
            roles=("contact", "billing"),
            email=self.contact.email,
            phone=self.contact.phone,
            address=self.contact.address,
            language=self.contact.language,
            province=self.province,
        )

    def _event_data(self) -> parts.EnterpriseData:
        return {
            "enterprise_id": self.id,
            "province": self.province,
            "sector": self.sector,
            "kbli": self.kbli,
            "size_class": self.size_class,
            "headcount": self.headcount.counted(),
            "provider_id": self.provider_id,
            "delivery_mode": self.delivery_mode,
        }
