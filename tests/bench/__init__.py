"""The benchmark measures what it says, and believes no figure of books that break a promise."""
