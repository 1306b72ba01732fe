"""The members: who coordinates, in which college, what they decide, and who may call.

Owns: territories, coordinations, organisations, persons, seats, committees, sessions, votes,
opinions, sharing agreements, licences, funders' decisions, clients and the key of their tokens.
Publishes: fr.ctin.members.*
Consumes: fr.ctin.exchange.partner_keys_changed.v1.
Never: moves money (the funding service does), or lets a person's contact data out.
"""
