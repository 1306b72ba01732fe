"""Pooled money: what each funder promised, and where each euro stands until it is paid.

Owns: funders, funds, agreements, payees; adviser posts, rules, lines, proofs; the ledger, periods.
Publishes: fr.ctin.funding.block_posted.v1, period_closed, post_filled, post_vacated,
post_transferred, post_returned, alert_raised and alert_cleared.
Consumes: fr.ctin.roadmap.action_validated.v1 (to open actions), fr.ctin.members.opinion_adopted.v1
and fr.ctin.members.funder_decision_recorded.v1 (an award needs both);
fr.ctin.members.coordination_placed.v1 and organization_renamed.v1.
Never: holds public money or keeps the public accountant's book of record; it tracks.
"""
