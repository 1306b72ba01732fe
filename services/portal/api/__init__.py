"""HTTP routes of the portal: pages, their live parts, and the files they need."""
