"""What runs the services: the command `ctin`, the embedded servers, the demonstration."""
