"""Public access, encryption and versioning of a bucket, by the S3 API's own answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from lakescan.connectors.storage.posture import Posture
from lakescan.connectors.storage.s3_errors import sdk_errors
from lakescan.errors import LakeError

if TYPE_CHECKING:
    from botocore.client import BaseClient as S3Client

#: Groups of the access control lists that mean everyone (S3 user guide, "ACL overview").
_EVERYONE = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)
#: The four settings of Block Public Access.
_BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
#: Codes that say that there is no such configuration.
_NONE = frozenset(
    {"NoSuchPublicAccessBlockConfiguration", "NoSuchBucketPolicy",
     "ServerSideEncryptionConfigurationNotFoundError"}
)  # fmt: skip

_Answer = Mapping[str, object]


def posture_of(client: S3Client, bucket: str) -> Posture:
    """What the store tells of a bucket; each question may be refused by itself."""
    uri = f"s3://{bucket}"

    def ask(call: Callable[..., _Answer]) -> _Answer | None:
        """The answer, empty where nothing is configured; None where we may not see."""
        from botocore.exceptions import ClientError

        try:
            with sdk_errors(uri):
                try:
                    return call(Bucket=bucket)
                except ClientError as error:
                    if error.response.get("Error", {}).get("Code") in _NONE:
                        return {}
                    raise
        except LakeError:
            return None

    versioning = ask(client.get_bucket_versioning)
    return Posture(
        uri,
        _public(
            ask(client.get_public_access_block),
            ask(client.get_bucket_policy_status),
            ask(client.get_bucket_acl),
        ),
        _encryption(ask(client.get_bucket_encryption)),
        "unknown"
        if versioning is None
        else "on"
        if versioning.get("Status") == "Enabled"
        else "off",
    )


def _public(block: _Answer | None, policy: _Answer | None, acl: _Answer | None) -> str:
    settings = _inner(block, "PublicAccessBlockConfiguration")
    if settings and all(settings.get(name) for name in _BLOCKS):
        return "no"
    if _inner(policy, "PolicyStatus").get("IsPublic"):
        return "yes"
    grants = (acl or {}).get("Grants")
    grantees = [_inner(g, "Grantee").get("URI") for g in grants] if isinstance(grants, list) else []
    if any(uri in _EVERYONE for uri in grantees) and not settings.get("IgnorePublicAcls"):
        return "yes"
    return "unknown" if policy is None or acl is None else "no"


def _encryption(answer: _Answer | None) -> str:
    if answer is None:
        return "unknown"
    rules = _inner(answer, "ServerSideEncryptionConfiguration").get("Rules")
    if not isinstance(rules, list) or not rules:
        return "none"
    rule = _inner(rules[0], "ApplyServerSideEncryptionByDefault")
    key = rule.get("KMSMasterKeyID")
    return f"{rule.get('SSEAlgorithm')}{f' with {key}' if key else ''}"


def _inner(answer: object, name: str) -> _Answer:
    value = answer.get(name) if isinstance(answer, Mapping) else None
    return value if isinstance(value, Mapping) else {}
