"""A preflight: what stands between us and a source, told before a scan is started.

`network` asks names, ports and certificates, `store` asks an object store, `tables` a database or a
catalog, `broker` a broker; `job` puts the steps in order and stops at the first that fails.
"""
