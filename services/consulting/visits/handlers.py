"""Keeps the names of enterprises, providers and trainers beside their ids."""

from __future__ import annotations

from shared.messaging.subscriptions import ConsumerGroup

names = ConsumerGroup("consulting.names")

names.keeps_parties("enrollment", kinds=("enterprise", "institution"))
names.keeps_parties("certification", kinds=("person",))
