"""National, tax, health and bank numbers of the Americas outside the USA."""

from __future__ import annotations

from lakescan.udfs.detect.checksums import americas as check
from lakescan.udfs.detect.checksums.generic import luhn
from lakescan.udfs.detect.checksums.registers import br_cns
from lakescan.udfs.detect.checksums.stdnum import stdnum
from lakescan.udfs.detect.pattern import DIGIT_GROUPS
from lakescan.udfs.detect.patterns.numbers import Number, all_patterns

_D11 = "[0-9]{11}"

PATTERNS = all_patterns(
    # Canada
    Number("CA_SIN", "ca_sin", ("sin", "social insurance", "assurance sociale", "nas"), check.ca_sin,
           written="[1-79][0-9]{2}[ -][0-9]{3}[ -][0-9]{3}", bare="[1-79][0-9]{8}",
           gate=DIGIT_GROUPS),
    Number("CA_BN", "ca_bn", ("business number", "gst", "hst"), stdnum("ca.bn"),
           written="[0-9]{9}(?:RC|RM|RP|RT)[0-9]{4}"),
    Number("CA_PASSPORT", "ca_passport", ("passport", "passeport"), bare="[A-Z]{2}[0-9]{6}"),
    Number("CA_HEALTH_CARD", "ca_health_card", ("ohip", "health card", "phn", "carte sant", "ramq"),
           bare="[0-9]{4}[ -]?[0-9]{3}[ -]?[0-9]{3}(?:[ -]?[A-Z]{2})?|[A-Z]{4} ?[0-9]{4} ?[0-9]{4}"),
    # Brazil
    Number("BR_CPF", "br_cpf", ("cpf",), check.br_cpf,
           written="[0-9]{3}\\.[0-9]{3}\\.[0-9]{3}-[0-9]{2}", bare=_D11),
    Number("BR_CNPJ", "br_cnpj", ("cnpj",), check.br_cnpj, strong=True, bare="[0-9]{14}",
           written="[0-9]{2}\\.[0-9]{3}\\.[0-9]{3}/[0-9]{4}-[0-9]{2}"),
    Number("BR_PIS", "br_pis", ("pis", "pasep", "nit"), check.br_pis, bare=_D11,
           written="[0-9]{3}\\.[0-9]{5}\\.[0-9]{2}-[0-9]"),
    Number("BR_RG", "br_rg", ("rg", "registro geral", "identidade"),
           bare="[0-9]{1,2}\\.[0-9]{3}\\.[0-9]{3}-?[0-9Xx]"),
    Number("BR_CNH", "br_cnh", ("cnh", "habilita"), bare=_D11),
    # Mexico
    Number(
        "MX_CURP", "mx_curp", ("curp",), check.mx_curp, ignore_case=True,
        written="[A-Z][AEIOUX][A-Z]{2}[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[HMX]"
        "[A-Z]{2}[B-DF-HJ-NP-TV-Z]{3}[0-9A-Z][0-9]",
    ),
    Number(
        "MX_RFC", "mx_rfc", ("rfc", "contribuyente"), None, ignore_case=True,
        written="[A-ZÑ&]{3,4}[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9A-V][0-9A-Z][0-9A]",
    ),
    Number("BR_CNS", "br_cns", ("sus", "cns", "cart[aã]o nacional"), br_cns,
           written="[0-9]{3} [0-9]{4} [0-9]{4} [0-9]{4}", bare="[1-27-9][0-9]{14}", strong=True),
    Number("MX_NSS", "mx_nss", ("nss", "imss", "seguro social"), luhn, bare=_D11),
    Number("MX_CLABE", "mx_clabe", ("clabe",), check.mx_clabe, bare="[0-9]{18}"),
    # Argentina, Chile, Uruguay, Paraguay
    Number("AR_CUIT", "ar_cuit", ("cuit", "cuil"), check.ar_cuit,
           written="(?:20|2[347]|3[034]|5[015])-[0-9]{8}-[0-9]",
           bare="(?:20|2[347]|3[034]|5[015])[0-9]{9}"),
    Number("AR_DNI", "ar_dni", ("dni", "documento"), bare="[0-9]{1,2}\\.[0-9]{3}\\.[0-9]{3}"),
    Number("AR_CBU", "ar_cbu", ("cbu",), stdnum("ar.cbu"), bare="[0-9]{22}"),
    Number("CL_RUT", "cl_rut", ("rut", "run"), check.cl_rut, ignore_case=True,
           written="[0-9]{1,2}\\.[0-9]{3}\\.[0-9]{3}-[0-9K]|[0-9]{7,8}-[0-9K]"),
    Number("UY_CI", "uy_ci", ("c[eé]dula", "c\\.?i\\.?"), None,
           bare="[0-9]\\.[0-9]{3}\\.[0-9]{3}-[0-9]"),
    # Andes
    Number("EC_CI", "ec_ci", ("c[eé]dula",), check.ec_ci, bare="[0-9]{10}"),
    Number("PE_RUC", "pe_ruc", ("ruc",), check.pe_ruc, bare="(?:1[0567]|20)[0-9]{9}"),
    Number("PE_CUI", "pe_cui", ("dni", "cui"), stdnum("pe.cui"), written="[0-9]{8}-[0-9A-K]"),
    Number("PE_CUI", "pe_dni", ("dni", "cui"), bare="[0-9]{8}"),
    Number("CO_NIT", "co_nit", ("nit",), stdnum("co.nit"),
           written="[0-9]{3}\\.[0-9]{3}\\.[0-9]{3}-[0-9]"),
    Number("VE_RIF", "ve_rif", ("rif",), stdnum("ve.rif"), written="[VEJPG]-?[0-9]{8}-?[0-9]"),
    # Central America and the Caribbean
    Number("DO_CEDULA", "do_cedula", ("c[eé]dula",), check.do_cedula,
           written="[0-9]{3}-[0-9]{7}-[0-9]", bare="[04][0-9]{10}"),
    Number("SV_NIT", "sv_nit", ("nit",), stdnum("sv.nit"),
           written="[0-9]{4}-[0-9]{6}-[0-9]{3}-[0-9]"),
    Number("CU_NI", "cu_ni", ("carn[eé] de identidad",), stdnum("cu.ni"), bare=_D11, cells=False),
    Number("CR_CPF", "cr_cpf", ("c[eé]dula",), check.cr_cpf,
           written="0?[1-9]-[0-9]{4}-[0-9]{4}", bare="0[1-9]-[0-9]{4}-[0-9]{4}"),
)  # fmt: skip
