"""The shared diagnostic of a territory: living, sourced, exposing nobody.

Owns: cells of exposure, reported needs, indicators, what they fold to by commune, its versions.
Publishes: fr.ctin.diagnostics.*
Consumes: fr.ctin.exchange.signals_received, fr.ctin.members.coordination_founded, agreement_signed,
 agreement_ended, agreement_suspended, agreement_resumed and licence_recorded.
Never: adds the two families of signals, reads a secret or an absence as zero, or keeps a person.
"""
