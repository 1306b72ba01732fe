"""The demonstration, played on a running stack through the doors anyone has."""
