"""Pooled money: what each funder promised, and where each euro stands until it is paid.

Owns: funders, funds, agreements, payees; accounts, transfers and the chain of blocks; periods.
Publishes: fr.ctin.funding.block_posted.v1, fr.ctin.funding.period_closed.v1.
Consumes: fr.ctin.roadmap.action_validated.v1 (to open actions), fr.ctin.members.opinion_adopted.v1
and fr.ctin.members.funder_decision_recorded.v1 (an award needs both).
Never: holds public money or keeps the public accountant's book of record; it tracks.
"""
