"""The shared diagnostic of a territory: living, sourced, exposing nobody.

Owns: cells, reported needs, what they fold to by commune, indicators, activity of advisers, what
    the field confirms (elements, surveys, visits, evidence), and frozen versions of it all.
Publishes: fr.ctin.diagnostics.*
Consumes: fr.ctin.exchange.signals_received, fr.ctin.funding.post_filled, and of fr.ctin.members
    coordination_founded, members, agreements and licences.
Never: adds the two families of signals, reads a secret or an absence as zero, or keeps a person.
"""
