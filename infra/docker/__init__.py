"""What containers need beside their images: secrets, and the configuration of NATS."""
