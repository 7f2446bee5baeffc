"""National, tax, health and bank numbers of Asia, Africa and the Pacific."""

from __future__ import annotations

from lakescan.udfs.detect.checksums import asia_pacific as check
from lakescan.udfs.detect.checksums.generic import luhn
from lakescan.udfs.detect.checksums.stdnum import stdnum
from lakescan.udfs.detect.pattern import DIGIT_GROUPS
from lakescan.udfs.detect.patterns.numbers import Number, all_patterns

_D9, _D11, _D12, _D13 = "[0-9]{9}", "[0-9]{11}", "[0-9]{12}", "[0-9]{13}"
_STATE = "(?:A[NPRS]|B[RH]|C[GH]|D[DLN]|G[AJ]|H[PR]|J[HK]|K[AL]|L[AD]|M[HLNPZ]|N[AL]|O[DR]|P[BY]|RJ|SK|T[GNRS]|U[AKP]|W[B])"

PATTERNS = all_patterns(
    # Australia, New Zealand
    Number("AU_TFN", "au_tfn", ("tfn", "tax file"), check.au_tfn, bare=_D9,
           written="[0-9]{3} [0-9]{3} [0-9]{3}", gate=DIGIT_GROUPS),
    Number("AU_ABN", "au_abn", ("abn", "business number"), check.au_abn, bare=_D11,
           written="[0-9]{2} [0-9]{3} [0-9]{3} [0-9]{3}", gate=DIGIT_GROUPS),
    Number("AU_ACN", "au_acn", ("acn", "company number"), check.au_acn, bare=_D9,
           written="[0-9]{3} [0-9]{3} [0-9]{3}", gate=DIGIT_GROUPS),
    Number("AU_MEDICARE", "au_medicare", ("medicare",), check.au_medicare,
           written="[2-6][0-9]{3} [0-9]{5} [0-9](?:[ /-][0-9])?", bare="[2-6][0-9]{9,10}",
           gate=DIGIT_GROUPS),
    Number("AU_BSB", "au_bsb", ("bsb",), bare="[0-9]{3}-[0-9]{3}"),
    Number("AU_IHI", "au_ihi", ("ihi", "healthcare identifier"), luhn, strong=True,
           written="8003 60[0-9]{2} [0-9]{4} [0-9]{4}", bare="800360[0-9]{10}"),
    Number("AU_PASSPORT", "au_passport", ("passport",), bare="[A-Z]{1,2}[0-9]{7}"),
    Number("NZ_IRD", "nz_ird", ("ird",), stdnum("nz.ird"), written="[0-9]{2,3}-[0-9]{3}-[0-9]{3}"),
    Number("NZ_BANK_ACCOUNT", "nz_bank_account", ("account", "bank"), stdnum("nz.bankaccount"),
           written="[0-9]{2}-[0-9]{4}-[0-9]{7}-[0-9]{2,3}"),
    # India
    Number("IN_AADHAAR", "in_aadhaar", ("aadhaar", "aadhar", "uidai", "uid"), check.in_aadhaar,
           written="[2-9][0-9]{3}[ -][0-9]{4}[ -][0-9]{4}", bare="[2-9][0-9]{11}",
           gate=DIGIT_GROUPS),
    Number(
        # Income Tax Department: the fourth letter is the holder's kind.
        "IN_PAN", "in_pan", ("pan", "permanent account"), None,
        written="[A-Z]{3}[ABCFGHLJPTK][A-Z][0-9]{4}[A-Z]",
    ),
    Number("IN_GSTIN", "in_gstin", ("gst",), stdnum("in_.gstin"),
           written="[0-3][0-9][A-Z]{5}[0-9]{4}[A-Z][0-9A-Z]Z[0-9A-Z]"),
    Number("IN_VOTER", "in_voter", ("voter", "epic", "election"), stdnum("in_.epic"),
           written="[A-Z]{3}[0-9]{7}"),
    Number("IN_PASSPORT", "in_passport", ("passport",), bare="[A-PR-WY][1-9][0-9]{5}[1-9]"),
    Number("IN_IFSC", "in_ifsc", ("ifsc", "bank", "branch"), None, written="[A-Z]{4}0[0-9A-Z]{6}"),
    Number(
        # NPCI, UPI handles: no domain, but the name of a bank's or app's handle.
        "IN_UPI_ID", "in_upi", ("upi", "vpa"), None, ignore_case=True,
        written="[0-9a-z._-]{2,64}@(?:ok(?:axis|sbi|icici|hdfcbank)|ybl|ibl|axl|apl|upi|paytm"
        "|pt(?:yes|axis|hdfc|sbi)|yes(?:bank|pop)|airtel|freecharge|ikwik|jupiteraxis|hdfcbank|sbi"
        "|icici|axisbank|kotak|barodampay|fbl|idfcbank|rbl|waicici|waaxis|wahdfcbank|wasbi)",
    ),
    Number("IN_VID", "in_vid", ("vid", "virtual id"), check.in_vid, bare="[2-9][0-9]{15}",
           cells=False),
    Number("IN_VEHICLE_REGISTRATION", "in_vehicle", ("vehicle", "registration", "plate"),
           bare=_STATE + "[ -]?[0-9]{1,2}[ -]?[A-Z]{1,3}[ -]?[0-9]{4}"),
    Number("IN_DRIVER_LICENSE", "in_driver_license", ("driving", "licen[cs]e"),
           bare=_STATE + "[ -]?[0-9]{2}[ -]?(?:19|20)[0-9]{2}[0-9]{7}"),
    # East Asia
    Number("CN_RESIDENT_ID", "cn_resident_id", ("身份证", "resident id", "id card"),
           check.cn_resident_id,
           written="[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
           "[0-9]{3}[0-9Xx]"),
    Number("CN_PASSPORT", "cn_passport", ("护照", "passport"), bare="[EGDSPH][0-9A-Z][0-9]{7}"),
    Number("CN_USCC", "cn_uscc", ("统一社会信用代码", "credit code"), stdnum("cn.uscc"),
           written="[159Y][1239][0-9]{6}[0-9A-HJ-NP-RT-UW-Y]{10}"),
    Number("KR_RRN", "kr_rrn", ("주민등록번호", "rrn", "resident registration"), check.kr_rrn,
           written="[0-9]{2}[01][0-9][0-3][0-9]-[0-9]{7}", bare=_D13),
    Number("KR_FRN", "kr_frn", ("외국인등록번호", "frn", "foreign(?:er)? registration"), check.kr_frn,
           written="[0-9]{2}[01][0-9][0-3][0-9]-[5-8][0-9]{6}", bare="[0-9]{6}[5-8][0-9]{6}"),
    Number("KR_BRN", "kr_brn", ("사업자", "brn", "business reg"), check.kr_brn,
           written="[0-9]{3}-[0-9]{2}-[0-9]{5}"),
    Number("JP_MY_NUMBER", "jp_my_number", ("マイナンバー", "my number", "個人番号"),
           check.jp_my_number, bare=_D12),
    Number("JP_PASSPORT", "jp_passport", ("passport", "旅券"), bare="[A-Z]{2}[0-9]{7}"),
    Number("TW_ID", "tw_id", ("身分證", "national id", "id card"), check.tw_id,
           written="[A-Z][1289][0-9]{8}"),
    Number("HK_HKID", "hk_id", ("hkid", "identity card", "身份證"), check.hk_id,
           written="[A-Z]{1,2}[0-9]{6}\\([0-9A]\\)", bare="[A-Z]{1,2}[0-9]{6}[0-9A]",
           gate="[0-9]\\([0-9A]\\)"),
    # South-east Asia
    Number("SG_NRIC_FIN", "sg_nric", ("nric", "fin"), check.sg_nric, ignore_case=True,
           written="[STFGM][0-9]{7}[A-Z]"),
    Number("SG_UEN", "sg_uen", ("uen",), stdnum("sg.uen"),
           written="[0-9]{8,9}[A-Z]|[RST][0-9]{2}[A-Z]{2}[0-9]{4}[A-Z]"),
    Number("MY_NRIC", "my_nric", ("nric", "mykad", "kad pengenalan"), check.my_nric,
           written="[0-9]{2}[01][0-9][0-3][0-9]-[0-9]{2}-[0-9]{4}", bare=_D12),
    Number("ID_NIK", "id_nik", ("nik", "ktp"), check.id_nik, bare="[1-9][0-9]{15}"),
    Number("ID_NPWP", "id_npwp", ("npwp",), stdnum("id.npwp"),
           written="[0-9]{2}\\.[0-9]{3}\\.[0-9]{3}\\.[0-9]-[0-9]{3}\\.[0-9]{3}"),
    Number("TH_TNIN", "th_id", ("บัตรประชาชน", "ประจำตัวประชาชน", "thai id", "national id"), check.th_id, bare=_D13,
           written="[1-8][- ][0-9]{4}[- ][0-9]{5}[- ][0-9]{2}[- ][0-9]"),
    Number("PH_TIN", "ph_tin", ("tin",), bare="[0-9]{3}-[0-9]{3}-[0-9]{3}(?:-[0-9]{3,5})?"),
    Number("PH_UMID", "ph_umid", ("umid", "crn"), bare="[0-9]{4}-[0-9]{7}-[0-9]"),
    Number("VN_CCCD", "vn_cccd", ("cccd", "căn cước"), bare="0[0-9]{11}"),
    # South and west Asia
    Number("PK_CNIC", "pk_cnic", ("cnic", "nadra"), stdnum("pk.cnic"),
           written="[1-7][0-9]{4}-[0-9]{7}-[0-9]"),
    Number("IL_ID", "il_id", ("teudat", "zehut", "תעודת זהות", "ת\\.?ז", "israeli id"), check.il_id, bare=_D9),
    # Africa
    Number("ZA_ID_NUMBER", "za_id", ("id number", "identity", "rsa id"), check.za_id, bare=_D13,
           strong=True),
    Number("NG_NIN", "ng_nin", ("nin", "national identi"), bare=_D11),
    Number("KE_PIN", "ke_pin", ("kra", "pin"), None, written="[AP][0-9]{9}[A-Z]"),
)  # fmt: skip
