"""The roadmap: what the partners decided to do, and how far each action is.

Owns: action sheets and their states.
Publishes: fr.ctin.roadmap.*
Consumes: nothing yet; decisions are cited by their reference.
Never: holds money (the funding service does) or decides who may validate (the colleges do).
"""
