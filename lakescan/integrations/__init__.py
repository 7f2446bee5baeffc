"""lakescan inside other systems: schedulers, catalogs, checks of a repository."""
