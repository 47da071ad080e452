"""The API for programs, `/api/v1`: the same operations and queries as the pages, in JSON; one module per family."""
