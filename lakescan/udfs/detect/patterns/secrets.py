"""Passwords, keys and tokens."""

from __future__ import annotations

from lakescan.udfs.detect.checksums.codes import high_entropy, no_plain_word, not_a_placeholder
from lakescan.udfs.detect.pattern import Edge, Pattern

#: No less sure than what else an address with a secret in it is: an address.
_IN_A_URL = 1.0


def _token(
    entity: str, name: str, regex: str, gate: str | None = None, score: float = 0.95
) -> Pattern:
    return Pattern(entity=entity, name=name, regex=regex, score=score, gate=gate)


_KEYWORD = (
    r"(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|api[_ -]?key|apikey|access[_ -]?key"
    r"|auth[_ -]?(?:key|token)|client[_ -]?secret|passwort|contraseña|mot de passe|senha)"
)

#: An ampersand goes on with the password unless a parameter's name and value follow.
_VALUE = r"(?P<v>[^\s\"',;&<>(){}]{1,256}(?:&[^\s\"',;&<>(){}=]{1,64})*)"

PATTERNS = (
    # RFC 7519: three base64url parts, the first a JSON object.
    _token("JWT", "jwt", r"eyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}"),
    # The prefixes that the makers document for their keys.
    _token("AWS_ACCESS_KEY", "aws_access_key", "(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA)[0-9A-Z]{16}"),
    _token("GCP_API_KEY", "gcp_api_key", "AIza[0-9A-Za-z_-]{35}"),
    _token("GITHUB_TOKEN", "github_token",
           "gh[pousr]_[0-9A-Za-z]{36,255}|github_pat_[0-9A-Za-z_]{60,90}"),
    _token("GITLAB_TOKEN", "gitlab_token", "glpat-[0-9A-Za-z_-]{20,60}"),
    _token("SLACK_TOKEN", "slack_token", "xox[abposr]-[0-9A-Za-z-]{10,250}"),
    _token("SLACK_WEBHOOK", "slack_webhook",
           r"https://hooks\.slack\.com/services/T[0-9A-Z]{6,12}/B[0-9A-Z]{6,12}/[0-9A-Za-z]{20,30}",
           r"hooks\.slack\.com", _IN_A_URL),
    _token("STRIPE_KEY", "stripe_key", "(?:sk|rk|pk)_(?:live|test)_[0-9A-Za-z]{16,250}"),
    _token("TWILIO_KEY", "twilio_key", "(?:SK|AC)[0-9a-f]{32}"),
    _token("SENDGRID_KEY", "sendgrid_key", r"SG\.[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43}"),
    _token("MAILGUN_KEY", "mailgun_key", "key-[0-9a-f]{32}"),
    _token("NPM_TOKEN", "npm_token", "npm_[0-9A-Za-z]{36}"),
    _token("PYPI_TOKEN", "pypi_token", "pypi-[0-9A-Za-z_-]{50,250}"),
    _token("ANTHROPIC_KEY", "anthropic_key", "sk-ant-[0-9A-Za-z_-]{20,200}"),
    _token("OPENAI_KEY", "openai_key", "sk-(?:proj-|svcacct-)?[0-9A-Za-z_-]{32,200}"),
    _token("HUGGINGFACE_TOKEN", "huggingface_token", "hf_[0-9A-Za-z]{30,40}"),
    _token("DATABRICKS_TOKEN", "databricks_token", "dapi[0-9a-f]{32}(?:-[0-9])?"),
    _token("API_KEY", "google_oauth", r"ya29\.[0-9A-Za-z_-]{20,400}|GOCSPX-[0-9A-Za-z_-]{28}"),
    _token("API_KEY", "azure_client_secret", "[0-9A-Za-z_~.-]{3}[78]Q~[0-9A-Za-z_~.-]{31,34}",
           "[78]Q~"),
    _token("API_KEY", "alibaba_key", "LTAI[0-9A-Za-z]{12,20}"),
    _token("API_KEY", "tencent_key", "AKID[0-9A-Za-z]{32}"),
    _token("API_KEY", "digitalocean_token", "do[opr]_v1_[0-9a-f]{64}"),
    _token("API_KEY", "shopify_token", "shp(?:at|ca|pa|ss)_[0-9A-Fa-f]{32}"),
    _token("API_KEY", "square_token", "sq0(?:atp|csp|idp)-[0-9A-Za-z_-]{22,43}|EAAA[0-9A-Za-z_-]{60}"),
    _token("API_KEY", "mailchimp_key", "[0-9a-f]{32}-us[0-9]{1,2}"),
    _token("API_KEY", "atlassian_token", "ATATT3[0-9A-Za-z_=-]{60,200}"),
    _token("API_KEY", "linear_key", "lin_api_[0-9A-Za-z]{32,48}"),
    _token("API_KEY", "notion_token", "ntn_[0-9A-Za-z]{40,60}|secret_[0-9A-Za-z]{43}"),
    _token("API_KEY", "slack_app_token", "xapp-[0-9]-[0-9A-Z]{9,13}-[0-9]{10,14}-[0-9a-f]{32,64}"),
    _token("API_KEY", "discord_token",
           r"[MNO][0-9A-Za-z_-]{23,27}\.[0-9A-Za-z_-]{6}\.[0-9A-Za-z_-]{27,40}"),
    _token("API_KEY", "docker_token", "dckr_(?:pat|oat)_[0-9A-Za-z_-]{20,40}"),
    _token("API_KEY", "vault_token", r"hv[sb]\.[0-9A-Za-z_-]{24,200}"),
    _token("API_KEY", "grafana_token", "gl(?:sa|c)_[0-9A-Za-z+/=_]{32,400}"),
    _token("API_KEY", "newrelic_key", "NRAK-[0-9A-Z]{27}"),
    _token("API_KEY", "postman_key", "PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    _token("API_KEY", "rubygems_key", "rubygems_[0-9a-f]{48}"),
    _token("API_KEY", "groq_key", "gsk_[0-9A-Za-z]{52}"),
    _token("API_KEY", "replicate_token", "r8_[0-9A-Za-z]{37}"),
    _token("API_KEY", "planetscale_token", "pscale_(?:tkn|pw|oauth)_[0-9A-Za-z_.-]{32,64}"),
    _token("API_KEY", "sentry_token", "sntry[su]_[0-9A-Za-z+/=_]{40,400}"),
    _token("API_KEY", "airtable_token", r"pat[0-9A-Za-z]{14}\.[0-9a-f]{64}"),
    _token("API_KEY", "paypal_token", r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}",
           r"access_token\$"),
    _token("API_KEY", "stripe_webhook", "whsec_[0-9A-Za-z+/=]{32,64}"),
    _token("PRIVATE_KEY", "age_key", "AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    _token("AZURE_STORAGE_KEY", "azure_storage_key", "[0-9A-Za-z+/]{86}==", "[0-9A-Za-z+/]{86}=="),
    Pattern(
        # Microsoft Learn, "Shared access signatures": version, permissions and signature.
        entity="AZURE_STORAGE_KEY",
        name="azure_sas",
        regex=r"(?:https?://[^\s?\"'<>]{1,300})?[?&]?sv=20[0-9]{2}-[0-9]{2}-[0-9]{2}&[0-9A-Za-z%&=_.:/-]{10,400}"
        r"sig=[0-9A-Za-z%+/]{40,64}=?(?:&[0-9A-Za-z%=_.:/-]{1,100}){0,10}",
        score=_IN_A_URL,
        gate="sig=",
    ),
    Pattern(
        # Google Cloud, service account key files.
        entity="GCP_SERVICE_ACCOUNT",
        name="gcp_service_account",
        regex='"type" ?: ?"service_account"',
        score=0.95,
        edge=Edge.NONE,
        gate="service_account",
    ),
    Pattern(
        # AWS, secret access keys: forty characters of base64 that only a word nearby makes sure.
        entity="AWS_SECRET_KEY",
        name="aws_secret_key",
        regex="[0-9A-Za-z+/]{40}",
        score=0.3,
        shape=True,
        whole=False,
        validate=high_entropy,
        context=("aws", "secret", "access[_ -]?key"),
    ),
    Pattern(
        entity="SESSION_COOKIE",
        name="session_cookie",
        regex=r"(?:PHPSESSID|JSESSIONID|ASP\.NET_SessionId|connect\.sid|laravel_session|session_?id"
        r"|sid|sessiontoken|_session)=(?P<v>[0-9A-Za-z%._~+/-]{8,512}=*)",
        score=0.85,
        ignore_case=True,
        whole=False,
        gate="(?i:sess(?:ion)?_?id|sid|session(?:token)?)=",
    ),
    Pattern(
        # Strings as varied as random ones, beside a word that says what they are for.
        entity="GENERIC_SECRET",
        name="high_entropy",
        regex="[0-9A-Za-z_/+=.-]{20,128}",
        score=0.2,
        shape=True,
        whole=False,
        validate=high_entropy,
        context=("secret", "token", "api[_ -]?key", "apikey", "credential", "signature", "bearer",
                 "private[_ -]?key", "schlüssel", "clé", "clave"),
    ),
    _token("TELEGRAM_TOKEN", "telegram_token", "[0-9]{8,10}:AA[0-9A-Za-z_-]{33}",
           "[0-9]:AA[0-9A-Za-z_-]{33}"),
    Pattern(
        # RFC 7468 and PKCS#8 armour; the finding is the whole block, or its first line.
        entity="PRIVATE_KEY",
        name="private_key",
        regex="-----BEGIN (?:[A-Z]{2,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----"
        # No two dashes within: so a beginning without an end is given up at the next beginning.
        "(?:(?:-?[0-9A-Za-z+/=\\\\ \r\n:,.])*-----END (?:[A-Z]{2,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----)?",
        score=1.0,
        edge=Edge.NONE,
        gate="-----BEGIN ",
    ),
    Pattern(
        # RFC 3986, section 3.2.1: user and password before the host.
        entity="CONNECTION_STRING",
        name="url_credentials",
        regex=r"[a-z][0-9a-z+.-]{1,20}://[^\s/:@]{1,64}:[^\s/@]{1,128}@[0-9A-Za-z.-]{1,200}"
        r"(?::[0-9]{1,5})?(?:/(?:[^\s\"']{0,200}[^\s\"'.,;:)\]])?)?",
        score=_IN_A_URL,
        ignore_case=True,
        gate="://",
    ),
    Pattern(
        entity="CONNECTION_STRING",
        name="connection_string",
        regex=r"(?:server|data source|host|accountname)=[^;]{1,200};.{0,300}"
        r"(?:password|pwd|accountkey)=[^;\s]{1,200}",
        score=0.95,
        ignore_case=True,
        gate="(?i:password|pwd|accountkey)=",
    ),
    Pattern(
        # Modular crypt formats: bcrypt, SHA-crypt, MD5-crypt, argon2, scrypt, PBKDF2 (Django).
        entity="PASSWORD_HASH",
        name="password_hash",
        regex=r"\$2[abxy]\$[0-9]{2}\$[0-9A-Za-z./]{53}|\$(?:[156]|apr1)\$(?:rounds=[0-9]{1,9}\$)?"
        r"[0-9A-Za-z./]{1,16}\$[0-9A-Za-z./]{22,86}|\$argon2(?:id?|d)\$[0-9A-Za-z$=,+/]{20,300}"
        r"|pbkdf2_sha(?:1|256|512)\$[0-9]{1,9}\$[0-9A-Za-z./+=]{1,64}\$[0-9A-Za-z./+=]{20,100}"
        r"|\{SSHA(?:256|512)?\}[0-9A-Za-z+/=]{20,200}",
        score=1.0,
        edge=Edge.NONE,
        gate=r"\$2[abxy]\$|\$(?:[156]|apr1)\$|\$argon2|pbkdf2_sha|\{SSHA",
    ),
    Pattern(
        # Hexadecimal digests of the usual lengths (MD5, SHA-1, SHA-224/256/384/512).
        entity="PASSWORD_HASH",
        name="hex_digest",
        regex="[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}"
        "|[0-9A-F]{32}|[0-9A-F]{40}|[0-9A-F]{64}",
        score=0.3,
        shape=True,
        context=("password hash", "passwd", "pwd_hash", "md5", r"sha[-_ ]?(?:1|224|256|384|512)?\b"),
        against=("commit", "tree", "parent", "merge", "revision", "rev", "index", "object", "etag"),
    ),
    Pattern(
        # RFC 6750, section 2.1.
        entity="BEARER_TOKEN",
        name="bearer",
        regex="bearer (?P<v>[0-9A-Za-z._~+/-]{16,1000}=*)",
        score=0.95,
        validate=no_plain_word,
        ignore_case=True,
        whole=False,
        gate="(?i:bearer )",
    ),
    Pattern(
        # RFC 7617, section 2: user and password in base64; Docker keeps them so as "auth".
        entity="GENERIC_SECRET",
        name="basic_auth",
        regex=r"(?:authorization[\"']?[:=] ?[\"']?basic |\"auth\": ?\")(?P<v>[0-9A-Za-z+/]{8,400}={0,2})",
        score=0.95,
        validate=no_plain_word,
        ignore_case=True,
        whole=False,
        gate='(?i:basic |"auth":)',
    ),
    Pattern(
        # The user and password that a program is called with: curl, wget, mysql, sshpass.
        entity="PASSWORD",
        name="password_argument",
        regex=r"(?:curl\b[^\n|;]{0,200} (?:-u|--user) ?[\"']?[^\s:\"']{1,64}:"
        r"|wget\b[^\n|;]{0,200} --(?:http-)?password[= ]|mysql(?:dump|admin)?\b[^\n|;]{0,100} -p|sshpass -p ?)"
        r"[\"']?(?P<v>[^\s\"']{4,128})",
        score=0.85,
        validate=not_a_placeholder,
        whole=False,
        gate="curl|wget|mysql|sshpass",
    ),
    Pattern(
        # An element of XML.
        entity="PASSWORD",
        name="password_element",
        regex=rf"<(?:[0-9a-z_-]{{1,20}}:)?(?:[0-9a-z_-]{{0,30}}{_KEYWORD})>(?P<v>[^<>\s]{{1,256}})</",
        score=0.85,
        validate=not_a_placeholder,
        ignore_case=True,
        whole=False,
        gate=f"(?i:{_KEYWORD}>)",
    ),
    Pattern(
        # Keys of programs' own settings: ENCRYPTION_KEY=..., "signing-key": "..."
        entity="GENERIC_SECRET",
        name="key_variable",
        regex=r"(?:[0-9a-z]{1,20}[_-]){0,3}(?:encryption|signing|fernet|master|secret|cipher|crypt|hmac|aes|jwt|session"
        r"|storage|account|license|_auth)[_-]?(?:key|token)[\"']?(?: ?[:=]| =>) ?[\"']?(?P<v>[0-9A-Za-z+/_=.-]{16,256})",
        score=0.85,
        validate=high_entropy,
        ignore_case=True,
        whole=False,
        gate="(?i:key|token)[\"']?(?: ?[:=]| =>)",
    ),
    Pattern(
        entity="PASSWORD",
        name="password_assignment",
        regex=rf"{_KEYWORD}[\"']?(?: (?:is|ist|est|(?:re)?set to|changed to))?(?: ?[:=] ?| )[\"']?"
        rf"{_VALUE}(?:[\s\"',;&<>(){{}}]|$)",
        score=0.85,
        validate=not_a_placeholder,
        ignore_case=True,
        whole=False,
        gate=f"(?i:{_KEYWORD})",
    ),
    Pattern(
        # A variable's or a setting's: DB_PASSWORD=..., PGPASSWORD=..., "adminPassword": "..."
        entity="PASSWORD",
        name="password_variable",
        regex=r"(?:[0-9a-z]{1,20}[_-]){0,4}[0-9a-z]{0,20}(?:password|passwd|passphrase|_pass|pwd)"
        rf"[\"']?(?: ?[:=]| =>) ?[\"']?{_VALUE}(?:[\s\"',;&<>)}}]|$)",
        score=0.85,
        validate=not_a_placeholder,
        ignore_case=True,
        whole=False,
        gate="(?i:(?:password|passwd|passphrase|_pass|pwd)[\"']?(?: ?[:=]| =>))",
    ),
    Pattern(
        # PCI DSS: three or four digits beside the words.
        entity="CREDIT_CARD_CVV",
        name="cvv",
        regex=r"(?:cvv2?|cvc2?|csc|cid|security code|card code|kartenprüfnummer)"
        r"[\"']?(?: is| no\.?| number)?[ :=#\"']{1,4}(?P<v>[0-9]{3,4})",
        score=0.9,
        ignore_case=True,
        whole=False,
        gate="(?i:cvv|cvc|csc|cid|security code|card code|kartenprüfnummer)",
    ),
    Pattern(
        entity="PIN",
        name="pin",
        regex=r"(?:pin|otp|(?:verification|login|one[- ]time|2fa) (?:pass)?code)(?: code| number| is|-code)?"
        r"[ :=#]{1,3}(?P<v>[0-9]{4,8})",
        score=0.7,
        ignore_case=True,
        whole=False,
        gate="(?i:pin|otp|code)",
    ),
    Pattern(
        entity="USERNAME",
        name="username",
        regex=r"(?:(?:user[ _-]?(?:name|id)|benutzername|nombre de usuario)[\"']?(?: is|:|=)"
        r"|(?:user|login|usuario)[\"']?=|login[\"']?:)[ \"']{0,2}(?P<v>[0-9A-Za-z_.@-]{3,64})",
        score=0.75,
        ignore_case=True,
        whole=False,
        gate="(?i:user|login|benutzername|usuario)",
    ),
    Pattern(
        # In a chat "User: Hello" says who speaks: what follows is a name of an account only if it
        # looks like one.
        entity="USERNAME",
        name="username_labelled",
        regex=r"(?:user|usuario)[\"']?: ?[\"']?(?P<v>[A-Za-z.-]{0,32}[0-9_@][0-9A-Za-z_.@-]{1,40})",
        score=0.7,
        ignore_case=True,
        whole=False,
        gate="(?i:user|usuario)[\"']?:",
    ),
    Pattern(
        # Who logs in, as OpenSSH's daemon logs it.
        entity="USERNAME",
        name="username_logged",
        regex=r"(?:accepted|failed) (?:password|publickey|keyboard-interactive(?:/pam)?) for "
        r"(?:invalid user )?(?P<v>[0-9A-Za-z_.@-]{1,64}) from",
        score=0.85,
        ignore_case=True,
        whole=False,
        gate="(?i:(?:accepted|failed) [a-z/-]{8,24} for )",
    ),
    Pattern(
        # A member of an object, or a variable.
        entity="USERNAME",
        name="username_keyed",
        regex=r"(?:handle|screen_?name|nick(?:name)?)[\"']?(?: ?[:=] ?)[\"'](?P<v>[0-9A-Za-z_.@-]{3,40})[\"']",
        score=0.75,
        ignore_case=True,
        whole=False,
        gate="(?i:(?:handle|screen_?name|nick(?:name)?)[\"']? ?[:=] ?[\"'])",
    ),
    Pattern(
        # What a cell of accounts holds, and nothing else: "@ann_smith".
        entity="USERNAME",
        name="handle",
        regex="@[A-Za-z_][0-9A-Za-z_.]{2,29}",
        score=0.75,
        search=False,
    ),
    Pattern(
        entity="CREDIT_CARD_EXPIRATION",
        name="card_expiration",
        regex=r"(?:exp(?:iry|ires?|iration)?(?: date)?|valid (?:thru|until|to))[.:]? ?"
        r"(?P<v>(?:0[1-9]|1[0-2]) ?[/-] ?(?:20)?[2-4][0-9])",
        score=0.85,
        ignore_case=True,
        whole=False,
        gate="(?i:exp|valid)",
    ),
    Pattern(
        entity="CREDIT_CARD_EXPIRATION",
        name="card_expiration",
        regex="(?:0[1-9]|1[0-2])/(?:20)?[2-4][0-9]",
        score=0.3,
        shape=True,
        context=("exp", "valid thru", "good thru"),
    ),
    Pattern(
        # ISO/IEC 7813, tracks 1 and 2.
        entity="CREDIT_CARD_TRACK",
        name="card_track",
        regex=r"%?B[0-9]{12,19}\^[^^?]{2,26}\^[0-9]{7}[^?]{0,60}\??|;?[0-9]{12,19}=[0-9]{7}[0-9]{0,30}\??",
        score=0.95,
        edge=Edge.NONE,
        gate=r"[0-9]{12}(?:\^|=)",
    ),
)  # fmt: skip
