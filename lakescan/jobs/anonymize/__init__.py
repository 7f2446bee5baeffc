"""``anonymize``: scan -> verdicts -> plan -> staged output -> one commit; and back: ``reveal``.

`plan` turns verdicts and policy into what is done to each column, `task` is what a worker does
with an output, `job` ties them together around a sink.
"""
