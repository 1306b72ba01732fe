"""The rules of the ledger, as values and pure functions.

Order of reading: references (who brings money), kinds (what each act moves), ledger (what is
recorded and what it stands on), rules (what an act must satisfy), state and book (a batch decided
in memory), journal (how it is written and sealed), figures (what is shown).
"""
