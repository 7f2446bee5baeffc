"""Identifiers and codes of health care."""

from __future__ import annotations

from lakescan.udfs.detect.checksums.codes import loinc, snomed
from lakescan.udfs.detect.checksums.us import dea, npi
from lakescan.udfs.detect.pattern import Edge, Pattern

_L = "[AC-HJKMNP-RT-Y]"
_X = "[0-9AC-HJKMNP-RT-Y]"

#: Of the EU, the EEA, Switzerland and the United Kingdom, by their numbers of ISO 3166-1.
_EHIC_COUNTRIES = (
    "040|056|100|191|196|203|208|233|246|250|276|300|348|352|372|380|428|438|440|442|470|528|578|616"
    "|620|642|703|705|724|752|756|826"
)

PATTERNS = (
    Pattern(
        # 21 CFR 1301.21 and the DEA's check digit.
        entity="US_DEA",
        name="us_dea",
        regex="[ABCDEFGHJKLMNPRSTUX][A-Z9][0-9]{7}",
        score=0.7,
        validate=dea,
        weak=0.15,
        context=("dea", "prescriber"),
    ),
    Pattern(
        entity="MEDICAL_LICENSE",
        name="medical_license",
        regex="[A-Z][0-9]{5,7}|[0-9]{2}-[0-9]{5}",
        score=0.2,
        shape=True,
        context=("medical licen[cs]e", "physician.?s? licen", "nursing licen"),
    ),
    Pattern(
        # 45 CFR 162.406: Luhn with the prefix 80840.
        entity="US_NPI",
        name="us_npi",
        regex="[12][0-9]{9}",
        score=0.4,
        shape=True,
        validate=npi,
        context=("npi", "provider id", "national provider"),
        edge=Edge.NUMBER,
    ),
    Pattern(
        # CMS, "Understanding the MBI": eleven places, no S L O I B Z.
        entity="US_MBI",
        name="us_mbi",
        regex=rf"[1-9]{_L}{_X}[0-9]-?{_L}{_X}[0-9]-?{_L}{{2}}[0-9]{{2}}",
        score=0.7,
        context=("mbi", "medicare", "beneficiary"),
    ),
    Pattern(
        entity="MEDICAL_RECORD_NUMBER",
        name="medical_record_number",
        regex=r"(?:mrn|medical record(?: number| no\.?| #)?|patient (?:id|number|no\.?)"
        r"|patienten(?:nummer|-?nr\.?)|fallnummer|historia cl[ií]nica(?: n[º°.o]*)?(?: ?nhc)?|nhc"
        r"|dossier patient|cartella clinica|prontu[aá]rio|processo cl[ií]nico|pati[eë]ntnummer"
        r"|journalnummer|numer (?:karty )?pacjenta)"
        r"(?: n[ro°º]\.?)?(?: is|:|#|=)?[ #:]{0,3}"
        r"(?P<v>[0-9A-Z]{0,3}-?(?:[0-9]{2,6}-){0,2}[0-9]{4,12})",
        score=0.85,
        ignore_case=True,
        whole=False,
        gate="(?i:mrn|medical record|patient|fallnummer|cl[ií]nic[ao]|nhc|prontu|pati|journal|pacjent)",
    ),
    Pattern(
        # A code that says what it is.
        entity="MEDICAL_RECORD_NUMBER",
        name="medical_record_code",
        regex="MRN[-_#:]?[0-9]{4,12}",
        score=0.85,
        ignore_case=True,
    ),
    Pattern(
        # Called so in the text, it is one even if mistyped: ten digits, whatever the check says.
        entity="US_NPI",
        name="npi_named",
        regex=r"(?:npi|national provider id(?:entifier)?)(?: number| no\.?| #)?"
        r"(?: is|:|#|=)?[ #:*]{0,3}(?P<v>[0-9]{10})",
        score=0.85,
        ignore_case=True,
        whole=False,
        gate="(?i:npi|national provider)",
    ),
    Pattern(
        entity="HEALTH_INSURANCE_ID",
        name="health_insurance_id",
        regex=r"(?:member|subscriber|policy|insurance) (?:id|number|no\.?|#)"
        r"(?: is|:|#|=)?[ #:]{0,3}(?P<v>[A-Z]{0,4}-?[0-9]{6,14})",
        score=0.75,
        ignore_case=True,
        whole=False,
        gate="(?i:member|subscriber|policy|insurance)",
    ),
    Pattern(
        # Decision S1 of the EU: 80, the country's number of ISO 3166-1, the issuer, the card.
        entity="EU_EHIC",
        name="eu_ehic",
        regex=f"80(?:{_EHIC_COUNTRIES})[0-9]{{15}}",
        score=0.75,
        context=("ehic", "health insurance card", "versicherungskarte", "carte europ"),
    ),
    Pattern(
        # KBV, Arztnummer: six digits, one check digit, two of the specialty.
        entity="DE_LANR",
        name="de_lanr",
        regex="[0-9]{9}",
        score=0.1,
        shape=True,
        whole=False,
        context=("lanr", "arztnummer"),
    ),
    Pattern(
        entity="DE_BSNR",
        name="de_bsnr",
        regex="[0-9]{9}",
        score=0.1,
        shape=True,
        whole=False,
        context=("bsnr", "betriebsst"),
    ),
    Pattern(
        # SNOMED CT, release file specification, section 6: 6 to 18 digits, Verhoeff.
        entity="SNOMED_CODE",
        name="snomed",
        regex="[1-9][0-9]{5,17}",
        score=0.1,
        shape=True,
        validate=snomed,
        whole=False,
        context=("snomed", "sctid", "sct"),
    ),
    Pattern(
        # HGVS nomenclature, and numbers of dbSNP.
        entity="GENETIC_VARIANT",
        name="genetic_variant",
        regex=r"rs[0-9]{3,10}|(?:N[MCGPR]_[0-9]{6,9}(?:\.[0-9]{1,2})?:)[cgmnpr]\."
        r"[0-9A-Za-z_>+*=-]{3,40}|[cp]\.[0-9A-Z][0-9A-Za-z_>+*-]{3,40}",
        score=0.6,
        gate="rs[0-9]{3}|[cgmnpr]\\.[0-9A-Z*-]",
        search=False,
    ),
    Pattern(
        # WHO ICD-10 and ICD-10-CM: a letter, two places, a point, up to four more.
        entity="ICD_10_CODE",
        name="icd10",
        regex=r"[A-TV-Z][0-9][0-9AB]\.[0-9A-TV-Z]{1,4}",
        score=0.6,
        context=("icd", "diagnos", "dx"),
        search=False,
    ),
    Pattern(
        entity="ICD_10_CODE",
        name="icd10",
        regex="[A-TV-Z][0-9][0-9AB](?:[0-9A-TV-Z]{1,4})?",
        score=0.15,
        shape=True,
        context=("icd", "diagnos", "dx"),
    ),
    Pattern(
        entity="ICD_9_CODE",
        name="icd9",
        regex=r"(?:[0-9]{3}|V[0-9]{2})\.[0-9]{1,2}|E[0-9]{3}(?:\.[0-9])?",
        score=0.1,
        shape=True,
        context=("icd-?9", "diagnos", "dx"),
    ),
    Pattern(
        # FDA, National Drug Code: 4-4-2, 5-3-2, 5-4-1; 5-4-2 for billing.
        entity="NDC_CODE",
        name="ndc",
        regex="[0-9]{5}-[0-9]{4}-[0-9]{2}|[0-9]{4}-[0-9]{4}-[0-9]{2}"
        "|[0-9]{5}-[0-9]{3}-[0-9]{2}|[0-9]{5}-[0-9]{4}-[0-9]",
        score=0.6,
        context=("ndc", "drug code"),
        search=False,
    ),
    Pattern(
        # LOINC Users' Guide, appendix C: MOD 10.
        entity="LOINC_CODE",
        name="loinc",
        regex="[0-9]{3,5}-[0-9]",
        score=0.4,
        shape=True,
        validate=loinc,
        context=("loinc",),
    ),
    Pattern(
        entity="CPT_CODE",
        name="cpt",
        regex="[0-9]{4}[0-9AFTU]|[A-V][0-9]{4}",
        score=0.1,
        shape=True,
        context=("cpt", "hcpcs", "procedure code"),
    ),
    Pattern(
        entity="BLOOD_TYPE",
        name="blood_type",
        regex=r"(?:blood (?:type|group)|blutgruppe|groupe sanguin|grupo sangu[ií]neo)[ :=is]{1,5}"
        r"(?P<v>(?:AB|A|B|O|0)(?: ?(?:\+|-|pos(?:itive)?|neg(?:ative)?)|))",
        score=0.85,
        ignore_case=True,
        whole=False,
        gate="(?i:blood|blutgruppe|sangu)",
        edge=Edge.NONE,
    ),
)
