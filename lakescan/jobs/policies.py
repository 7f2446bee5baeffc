"""What of a policy only the detectors can check."""

from __future__ import annotations

from lakescan.policy import Policy
from lakescan.udfs.detect import check_detector_names, installed_detectors


def check_policy(policy: Policy) -> None:
    """Make sure that what a policy says of detectors is about detectors that there are.

    Raises:
        PolicyError: it is not: with the path of the key and "did you mean".
    """
    if policy.thresholds.detectors:
        check_detector_names(policy, (detector.name for detector in installed_detectors()))
