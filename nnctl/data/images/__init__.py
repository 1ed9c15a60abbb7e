"""Pictures: folders of them, decoded, kept and stored."""
