"""Auditing a document: every number it claims, reproduced or explained."""

from symprop.audit.claims import Audited, Trainer, audit

__all__ = ["Audited", "Trainer", "audit"]
