"""The shared diagnostic of a territory: living, sourced, exposing nobody.

Owns: cells of exposure, reported needs, what they fold to by commune, indicators, activity of
    advisers, and what the field confirms: elements, surveys, visits, evidence.
Publishes: fr.ctin.diagnostics.*
Consumes: fr.ctin.exchange.signals_received.v1, fr.ctin.members.coordination_founded.v1,
    fr.ctin.funding.post_filled.v1.
Never: adds the two families of signals, reads a secret or an absence as zero, or keeps a person.
"""
