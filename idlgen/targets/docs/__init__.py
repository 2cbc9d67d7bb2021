"""Target `docs`: a package as TypeScript declarations and as a Markdown page."""
