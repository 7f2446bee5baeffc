"""Kafka, and what speaks its protocol (Event Hubs, Redpanda): a bounded scan of topics.

A scan reads what was there when it was planned, partition by partition, in ranges of offsets, and
commits no offset: consumers of the topics do not notice it. See `KafkaConnector`.
"""

from __future__ import annotations

from lakescan.connectors.kafka.connector import KafkaConnector

__all__ = ["KafkaConnector"]
