"""What can be found: entity -> category -> domain, the rules on it, and its names elsewhere.

The catalog is data (``data/*.json``), read once when first asked for.
"""

from lakescan.entities.catalog import (
    all_entities,
    by_vendor,
    canonical,
    categories,
    category,
    category_of,
    domain_of,
    domains,
    entity,
    is_known,
    regulation,
    regulations,
    vendor_label,
    vendor_labels,
    vendors,
)
from lakescan.entities.model import Category, Entity, Regulation, VendorLabel

__all__ = [
    "Category",
    "Entity",
    "Regulation",
    "VendorLabel",
    "all_entities",
    "by_vendor",
    "canonical",
    "categories",
    "category",
    "category_of",
    "domain_of",
    "domains",
    "entity",
    "is_known",
    "regulation",
    "regulations",
    "vendor_label",
    "vendor_labels",
    "vendors",
]
