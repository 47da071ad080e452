"""Tests about the code: each protects one promise that no other test can see broken."""
