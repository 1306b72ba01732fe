"""The edge where an institution's own system meets the coordination.

Owns: partners and their keys, receipts of signals, the durables partners read.
Publishes: fr.ctin.exchange.*
Consumes: fr.ctin.members.* about agreements and licences, fr.ctin.diagnostics.* about
    signals and needs, and what institutions publish under `in.>`.
Never: folds a count, or lets a partner read what no active agreement opens.
"""
