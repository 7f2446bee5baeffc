"""``submit``: a job of lakescan's run by a Ray cluster, told through its Job API.

`submission` is what is asked, `secrecy` what may not stand in it, `state` how a job fares, `ray`
talks to the cluster.
"""
