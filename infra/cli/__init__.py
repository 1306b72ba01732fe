"""The command `ctin`: run the stack, look at it, act as a partner, verify what was published."""
