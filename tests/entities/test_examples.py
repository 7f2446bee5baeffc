"""Examples are made up, but of valid shape and with valid check digits."""

import importlib

import phonenumbers
import pytest

from lakescan import entities

#: entity -> the module of python-stdnum that knows its rule.
CHECKED = {
    "AD_NRT": "ad.nrt", "AL_NIPT": "al.nipt", "AR_CBU": "ar.cbu", "AR_CUIT": "ar.cuit", "AR_DNI": "ar.dni",
    "AT_SVNR": "at.vnr", "AT_TIN": "at.tin", "AT_UID": "at.uid", "AU_ABN": "au.abn", "AU_ACN": "au.acn",
    "AU_TFN": "au.tfn", "AZ_VOEN": "az.voen", "BE_BIS": "be.bis", "BE_EID": "be.eid", "BE_NN": "be.nn",
    "BE_VAT": "be.vat", "BG_EGN": "bg.egn", "BG_PNF": "bg.pnf", "BR_CNPJ": "br.cnpj", "BR_CPF": "br.cpf",
    "BY_UNP": "by.unp", "CA_BN": "ca.bn", "CA_HEALTH_CARD": "ca.bc_phn", "CA_SIN": "ca.sin", "CH_AHV": "ch.ssn",
    "CH_UID": "ch.uid", "CH_VAT": "ch.vat", "CL_RUT": "cl.rut", "CN_RESIDENT_ID": "cn.ric", "CN_USCC": "cn.uscc",
    "CO_NIT": "co.nit", "CR_CPF": "cr.cpf", "CR_DIMEX": "cr.cr", "CU_NI": "cu.ni", "CY_VAT": "cy.vat",
    "CZ_BANK_ACCOUNT": "cz.bankaccount", "CZ_DIC": "cz.dic", "CZ_RC": "cz.rc",
    "DE_HANDELSREGISTER": "de.handelsregisternummer", "DE_TAX_ID": "de.idnr", "DE_TAX_NUMBER": "de.stnr",
    "DE_VAT_ID": "de.vat", "DK_CPR": "dk.cpr", "DK_CVR": "dk.cvr", "DO_CEDULA": "do.cedula", "DO_RNC": "do.rnc",
    "DZ_NIF": "dz.nif", "EC_CI": "ec.ci", "EC_RUC": "ec.ruc", "EE_IK": "ee.ik", "EG_TN": "eg.tn",
    "ES_CCC": "es.ccc", "ES_CIF": "es.cif", "ES_NIE": "es.nie", "ES_NIF": "es.nif", "EU_VAT_NUMBER": "eu.vat",
    "FI_ALV": "fi.alv", "FI_PERSONAL_IDENTITY_CODE": "fi.hetu", "FI_VERONUMERO": "fi.veronumero",
    "FI_YTUNNUS": "fi.ytunnus", "FO_VN": "fo.vn", "FR_NIF": "fr.nif", "FR_NIR": "fr.nir", "FR_SIREN": "fr.siren",
    "FR_SIRET": "fr.siret", "FR_TVA": "fr.tva", "GH_TIN": "gh.tin", "GN_NIFP": "gn.nifp", "GR_AFM": "gr.vat",
    "GR_AMKA": "gr.amka", "GT_NIT": "gt.nit", "HR_OIB": "hr.oib", "HU_ANUM": "hu.anum", "IBAN": "iban",
    "BIC": "bic", "ID_NIK": "id.nik", "ID_NPWP": "id.npwp", "IE_PPS": "ie.pps", "IE_VAT": "ie.vat",
    "IL_HP": "il.hp", "IL_ID": "il.idnr", "IMEI": "imei", "IMSI": "imsi", "IN_AADHAAR": "in_.aadhaar",
    "IN_GSTIN": "in_.gstin", "IN_PAN": "in_.pan", "IN_VID": "in_.vid", "IN_VOTER": "in_.epic",
    "IS_KENNITALA": "is_.kennitala", "IT_FISCAL_CODE": "it.codicefiscale", "IT_VAT_CODE": "it.iva",
    "JP_CORPORATE_NUMBER": "jp.cn", "JP_MY_NUMBER": "jp.in_", "KE_PIN": "ke.pin", "KR_BRN": "kr.brn",
    "KR_RRN": "kr.rrn", "LEI": "lei", "LI_PEID": "li.peid", "LT_ASMENS": "lt.asmens", "LT_PVM": "lt.pvm",
    "LU_TVA": "lu.tva", "LV_PK": "lv.pvn", "LV_PVN": "lv.pvn", "MAC_ADDRESS": "mac", "MA_ICE": "ma.ice",
    "MC_TVA": "mc.tva", "MD_IDNO": "md.idno", "MEID": "meid", "ME_PIB": "me.pib", "MK_EDB": "mk.edb",
    "MT_VAT": "mt.vat", "MU_NID": "mu.nid", "MX_CURP": "mx.curp", "MX_RFC": "mx.rfc", "MY_NRIC": "my.nric",
    "MZ_NUIT": "mz.nuit", "NL_BSN": "nl.bsn", "NL_BTW": "nl.btw", "NL_ONDERWIJSNUMMER": "nl.onderwijsnummer",
    "NL_PASSPORT": "nl.identiteitskaartnummer", "NL_POSTCODE": "nl.postcode", "NO_FODSELSNUMMER": "no.fodselsnummer",
    "NO_KONTONR": "no.kontonr", "NO_MVA": "no.mva", "NO_ORGNR": "no.orgnr", "NZ_BANK_ACCOUNT": "nz.bankaccount",
    "NZ_IRD": "nz.ird", "PE_CUI": "pe.cui", "PE_RUC": "pe.ruc", "PK_CNIC": "pk.cnic", "PL_NIP": "pl.nip",
    "PL_PESEL": "pl.pesel", "PL_REGON": "pl.regon", "PT_CC": "pt.cc", "PT_NIF": "pt.nif", "PY_RUC": "py.ruc",
    "RO_CNP": "ro.cnp", "RO_CUI": "ro.cui", "RS_PIB": "rs.pib", "RU_INN": "ru.inn", "RU_OGRN": "ru.ogrn",
    "SE_ORGANISATIONSNUMMER": "se.orgnr", "SE_PERSONNUMMER": "se.personnummer", "SE_VAT": "se.vat",
    "SG_UEN": "sg.uen", "SI_DDV": "si.ddv", "SI_EMSO": "si.emso", "SK_DPH": "sk.dph", "SK_RC": "sk.rc",
    "SM_COE": "sm.coe", "SN_NINEA": "sn.ninea", "SV_NIT": "sv.nit", "TH_MOA": "th.moa", "TH_TNIN": "th.pin",
    "TN_MF": "tn.mf", "TR_TCKN": "tr.tckimlik", "TR_VKN": "tr.vkn", "TW_UBN": "tw.ubn", "UA_EDRPOU": "ua.edrpou",
    "UA_RNTRC": "ua.rntrc", "UK_NHS": "gb.nhs", "UK_UPN": "gb.upn", "UK_UTR": "gb.utr", "UK_VAT_NUMBER": "gb.vat",
    "US_ATIN": "us.atin", "ABA_ROUTING_NUMBER": "us.rtn", "US_EIN": "us.ein", "US_ITIN": "us.itin",
    "US_PTIN": "us.ptin", "US_SSN": "us.ssn", "UY_RUT": "uy.rut", "VE_RIF": "ve.rif", "VN_MST": "vn.mst",
    "ZA_ID_NUMBER": "za.idnr", "ZA_INCOME_TAX_NUMBER": "za.tin", "BITCOIN_ADDRESS": "bitcoin", "CREDIT_CARD": "luhn",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(CHECKED))
def test_an_example_passes_the_check_of_its_number(name):
    rule = importlib.import_module(f"stdnum.{CHECKED[name]}")
    example = entities.entity(name).example
    assert rule.validate(example.replace(" ", "") if name == "CREDIT_CARD" else example)


def luhn(digits: str) -> bool:
    return importlib.import_module("stdnum.luhn").is_valid(digits)


def test_examples_of_numbers_that_stdnum_does_not_know():
    example = {each.name: each.example for each in entities.all_entities()}
    assert luhn("80840" + example["US_NPI"])
    assert luhn(example["AU_IHI"])
    assert luhn(example["ICCID"])
    dea = example["US_DEA"][2:]
    assert (sum(map(int, dea[0:6:2])) + 2 * sum(map(int, dea[1:6:2]))) % 10 == int(dea[6])
    vin = example["VIN"]
    values = {
        c: v
        for v, cs in enumerate(["", "AJ", "BKS", "CLT", "DMU", "ENV", "FW", "GPX", "HY", "RZ"])
        for c in cs
    }
    weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    total = sum(
        w * (int(c) if c.isdigit() else values[c]) for w, c in zip(weights, vin, strict=True)
    )
    assert vin[8] == "0123456789X"[total % 11]
    clabe = [int(c) for c in example["MX_CLABE"]]
    assert (
        -sum(d * w % 10 for d, w in zip(clabe[:17], [3, 7, 1] * 6, strict=False)) % 10 == clabe[17]
    )
    medicare = [int(c) for c in example["AU_MEDICARE"].replace(" ", "")]
    assert (
        sum(d * w for d, w in zip(medicare, [1, 3, 7, 9, 1, 3, 7, 9], strict=False)) % 10
        == medicare[8]
    )
    fin = example["SG_NRIC_FIN"]
    assert (
        "JZIHGFEDCBA"[
            sum(int(d) * w for d, w in zip(fin[1:8], [2, 7, 6, 5, 4, 3, 2], strict=True)) % 11
        ]
        == fin[8]
    )
    snils = [int(c) for c in example["RU_SNILS"] if c.isdigit()]
    check = sum(d * (9 - i) for i, d in enumerate(snils[:9])) % 101 % 100
    assert check == snils[9] * 10 + snils[10]
    hkid = example["HK_HKID"]
    total = (
        36 * 9
        + (ord(hkid[0]) - 55) * 8
        + sum(int(d) * w for d, w in zip(hkid[1:7], range(7, 1, -1), strict=True))
    )
    assert "0123456789A"[-total % 11] == hkid[8]
    taj = [int(c) for c in example["HU_TAJ"] if c.isdigit()]
    assert sum(d * (7 if i % 2 else 3) for i, d in enumerate(taj[:8])) % 10 == taj[8]
    assert luhn(example["MX_NSS"])
    pis = [int(c) for c in example["BR_PIS"] if c.isdigit()]
    rest = 11 - sum(d * w for d, w in zip(pis, [3, 2, 9, 8, 7, 6, 5, 4, 3, 2], strict=False)) % 11
    assert (0 if rest > 9 else rest) == pis[10]
    cns = [int(c) for c in example["BR_CNS"] if c.isdigit()]
    assert sum(d * (15 - i) for i, d in enumerate(cns)) % 11 == 0
    tw = example["TW_ID"]
    head = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(tw[0]) + 10
    assert (
        head // 10
        + head % 10 * 9
        + sum(int(d) * w for d, w in zip(tw[1:], [8, 7, 6, 5, 4, 3, 2, 1, 1], strict=True))
    ) % 10 == 0
    uy = [int(c) for c in example["UY_CI"] if c.isdigit()]
    assert -sum(d * w for d, w in zip(uy, [2, 9, 8, 7, 6, 3, 4], strict=False)) % 10 == uy[7]


@pytest.mark.parametrize(
    "name",
    [
        "PHONE_NUMBER",
        "FAX_NUMBER",
        "ZA_MOBILE_NUMBER",
        "ZA_TELEPHONE_NUMBER",
        "PH_MOBILE_NUMBER",
        "TR_PHONE_NUMBER",
    ],
)
def test_an_example_of_a_telephone_number_could_be_dialled(name):
    assert phonenumbers.is_possible_number(phonenumbers.parse(entities.entity(name).example))
