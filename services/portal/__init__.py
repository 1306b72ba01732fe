"""The portal: the pages where people read what the partners share.

Owns: nothing but when something last changed, by coordination and topic.
Publishes: nothing.
Consumes: fr.ctin.funding.block_posted, fr.ctin.diagnostics.area_updated and signals_decided,
    fr.ctin.exchange.signal_refused, fr.ctin.roadmap.action_validated,
    fr.ctin.members.member_confirmed: only to know what to show again.
Never: holds a business rule, or fails a page because one service is away.
"""
