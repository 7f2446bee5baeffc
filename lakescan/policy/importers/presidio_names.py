"""The names of Presidio's recognizers, and the labels of what they find.

Read off ``presidio_analyzer/predefined_recognizers``, release 2.2.366.
"""

from __future__ import annotations

import re
from functools import cache

from lakescan import entities

_NER = ("PERSON", "LOCATION", "NRP", "DATE_TIME", "ORGANIZATION")
_MEDICAL = (
    "MEDICAL_DISEASE_DISORDER",
    "MEDICAL_MEDICATION",
    "MEDICAL_THERAPEUTIC_PROCEDURE",
    "MEDICAL_CLINICAL_EVENT",
    "MEDICAL_BIOLOGICAL_ATTRIBUTE",
    "MEDICAL_BIOLOGICAL_STRUCTURE",
    "MEDICAL_FAMILY_HISTORY",
    "MEDICAL_HISTORY",
)

#: Recognizers that read with a model, by class.
MODELS = {
    "SpacyRecognizer": _NER,
    "StanzaRecognizer": _NER,
    "TransformersRecognizer": (*_NER, "AGE", "EMAIL_ADDRESS", "PHONE_NUMBER"),
    "HuggingFaceNerRecognizer": _NER,
    "GLiNERRecognizer": _NER,
    "MedicalNERRecognizer": _MEDICAL,
}

#: Those that Presidio adds by itself, where none of them is named.
ENGINES = frozenset({"SpacyRecognizer", "StanzaRecognizer", "TransformersRecognizer"})
#: What it looks for then: organizations are left out (``labels_to_ignore`` of its configuration).
UNASKED = ("PERSON", "LOCATION", "NRP", "DATE_TIME")

#: Recognizers that send the text to a service.
REMOTE = frozenset(
    {
        "AzureAILanguageRecognizer",
        "AzureHealthDeidRecognizer",
        "AzureOpenAILangExtractRecognizer",
        "BasicLangExtractRecognizer",
        "LangExtractRecognizer",
        "RemoteRecognizer",
    }
)

#: Labels that mean several of our entities, or that no table lists.
MORE_LABELS: dict[str, tuple[str, ...]] = {
    "EMAIL": ("EMAIL_ADDRESS",),
    "ID": ("NATIONAL_ID",),
    "GPE": ("LOCATION",),
    "ZIP": ("ZIPCODE",),
}

_ODD = {
    "DateRecognizer": "DATE_TIME",
    "EmailRecognizer": "EMAIL_ADDRESS",
    "IbanRecognizer": "IBAN_CODE",
    "IpRecognizer": "IP_ADDRESS",
    "NhsRecognizer": "UK_NHS",
    "PhoneRecognizer": "PHONE_NUMBER",
    "SgFinRecognizer": "SG_NRIC_FIN",
    "UsBankRecognizer": "US_BANK_NUMBER",
    "UsLicenseRecognizer": "US_DRIVER_LICENSE",
    "AbaRoutingRecognizer": "ABA_ROUTING_NUMBER",
}


def _class_name(label: str) -> str:
    """``UsSsnRecognizer`` of ``US_SSN``."""
    return "".join(part.capitalize() for part in label.split("_")) + "Recognizer"


@cache
def classes() -> dict[str, tuple[str, ...]]:
    """The labels of what each recognizer that comes with Presidio finds, by class."""
    labels = [row.label for row in entities.vendor_labels("presidio")]
    return {
        **{_class_name(label): (label,) for label in labels},
        **{name: (label,) for name, label in _ODD.items()},
        **MODELS,
        "ZaPhoneNumberRecognizer": ("ZA_MOBILE_NUMBER", "ZA_TELEPHONE_NUMBER"),
    }


def country_of(name: str) -> str:
    """The country that a recognizer is for (``COUNTRY_CODE`` of its class); empty for any."""
    if name in ("AbaRoutingRecognizer", "MedicalLicenseRecognizer"):
        return "us"
    label = classes().get(name, ("",))[0]
    local = re.match("[A-Z]{2}_", label) and not label.startswith("IP_")
    return label[:2].lower() if local else ""
