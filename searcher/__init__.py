"""Full-text search for Chinese policy documents."""
