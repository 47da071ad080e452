"""The books keep every promise on both databases: in the program, and in the database itself."""
