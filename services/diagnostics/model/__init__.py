"""The rules of the shared diagnostic: what enters, what is shown, how fast it leaves."""
