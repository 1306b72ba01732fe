"""The members: who coordinates, in which college, what they decided, and who may call.

Owns: territories, coordinations, organisations, seats, sharing agreements, licences, opinions,
funders' decisions, the clients that may ask for tokens and the key that signs them.
Publishes: fr.ctin.members.*
Consumes: nothing.
Never: moves money (the funding service does), or lets a person's contact data out.
"""
